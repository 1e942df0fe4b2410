import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { planContext } from './context.ts'
import { env } from './env.ts'

const { problems, secrets } = planContext()
beforeEach(() => {
  problems.length = 0
  secrets.length = 0
})
afterEach(() => vi.unstubAllEnvs())

test('a value that is set, a default, a number as default', () => {
  vi.stubEnv('PLAN_TEST', 'set')
  expect(env('PLAN_TEST', { default: 'other' })).toBe('set')
  expect(env('PLAN_TEST_NONE', { default: 'other' })).toBe('other')
  expect(env('PLAN_TEST_NONE', { default: 7 })).toBe('7')
  expect(problems).toEqual([])
})

test('missing and empty values are problems, told apart', () => {
  vi.stubEnv('PLAN_TEST', '')
  expect([env('PLAN_TEST'), env('PLAN_TEST_NONE')]).toEqual(['', ''])
  expect(problems.map(({ path, got }) => [path, got])).toEqual([
    ["env('PLAN_TEST')", "''"],
    ["env('PLAN_TEST_NONE')", 'nothing'],
  ])
})

test('secrets are kept for whoever hides them; an empty one would hide everything', () => {
  vi.stubEnv('PLAN_TEST', 'hush')
  env('PLAN_TEST', { secret: true })
  env('PLAN_TEST_NONE', { default: '', secret: true })
  expect(secrets).toEqual(['hush'])
})
