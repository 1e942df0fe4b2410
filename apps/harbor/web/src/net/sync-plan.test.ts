import { expect, test } from 'vitest'
import { type Conditions, syncPlan } from './sync-plan.ts'

const good: Conditions = {
  batteryLevel: 0.9,
  charging: false,
  networkType: '4g',
  saveData: false,
  latency: 40,
  hidden: false,
}

test('every five seconds on a good day', () => {
  expect(syncPlan(good)).toEqual({ interval: 5_000, editPause: 60, pageSize: 50 })
})

test('every fifteen on a low battery, unless it is charging', () => {
  expect(syncPlan({ ...good, batteryLevel: 0.15 }).interval).toBe(15_000)
  expect(syncPlan({ ...good, batteryLevel: 0.15, charging: true }).interval).toBe(5_000)
})

test.each([{ networkType: '3g' }, { latency: 501 }, { saveData: true }])(
  'every fifteen on a slow network: %o',
  (slow) => {
    expect(syncPlan({ ...good, ...slow })).toEqual({ interval: 15_000, editPause: 1_000, pageSize: 20 })
  },
)

test('a page that nobody sees asks least', () => {
  expect(syncPlan({ ...good, hidden: true }).interval).toBe(20_000)
})

test('what the browser does not tell is no reason to be slow', () => {
  const unknown = { batteryLevel: undefined, charging: undefined, networkType: undefined, latency: undefined }
  expect(syncPlan({ ...good, ...unknown }).interval).toBe(5_000)
})
