import { describe, expect, it } from 'vitest'
import type { StopReason } from '../record/events.ts'
import { fold } from '../record/fold.ts'
import { threshold } from '../record/testing.ts'
import { judge } from './judge.ts'
import { type Simulation, simulate } from './validity/simulated.ts'

const limit = (value: number) => ({ thresholds: [threshold({ value })] })
const met = limit(300)
const missed = limit(5)
const absent = { thresholds: [threshold({ scope: { kind: 'endpoint', name: 'GET /nowhere' } })] }
const saturated = () => ({ generator: { utilization: 0.99 } })

const outcome = (simulation: Simulation, reason?: StopReason) => {
  const { outcome, exitCode } = judge(fold(simulate(simulation).end(reason).events))
  return [outcome, exitCode]
}

describe('judge', () => {
  it.each([
    ['every threshold is met', { plan: met }, undefined, ['met', 0]],
    ['there are no thresholds', {}, undefined, ['met', 0]],
    ['one is missed', { plan: missed }, undefined, ['missed', 1]],
    ['one has no data', { plan: absent }, undefined, ['missed', 1]],
    ['none could be judged', { plan: met, interval: () => ({ phase: 'warm-up' as const }) }, undefined, ['missed', 1]],
    ['one ended the run', { plan: met }, { kind: 'threshold', threshold: 'http p95 < 1ms' }, ['missed', 1]],
    ['the generator was the bottleneck', { plan: met, interval: saturated }, undefined, ['invalid', 3]],
    ['it was so and limits are missed', { plan: missed, interval: saturated }, undefined, ['invalid', 3]],
    ['a worker was lost', { plan: met }, { kind: 'worker lost', message: 'x' }, ['invalid', 3]],
    [
      'it was interrupted',
      { plan: missed },
      { kind: 'interrupted', signal: 'SIGINT', forced: false },
      ['interrupted', 130],
    ],
    [
      'it was interrupted and is invalid',
      { interval: saturated },
      { kind: 'interrupted', signal: 'SIGINT', forced: true },
      ['interrupted', 130],
    ],
    ['the system died', { interval: saturated }, { kind: 'system died', message: 'exit 1' }, ['error', 4]],
    ['it was not ready', {}, { kind: 'error', code: 'SYSTEM_NOT_READY', message: 'x' }, ['error', 4]],
    ['its setup failed', {}, { kind: 'error', code: 'SETUP_FAILED', message: 'x' }, ['error', 2]],
    ['Plimsoll failed', {}, { kind: 'error', code: 'INTERNAL', message: 'x' }, ['error', 3]],
    ['it was broken on purpose', { plan: met }, { kind: 'broken', criterion: 'x' }, ['met', 0]],
  ] satisfies readonly [string, Simulation, StopReason | undefined, [string, number]][])(
    'when %s',
    (_, simulation, reason, expected) => {
      expect(outcome(simulation, reason)).toEqual(expected)
    },
  )

  it('calls a killed run interrupted, and judges what there is', () => {
    const verdict = judge(fold(simulate({ plan: met }).events))
    expect(verdict).toMatchObject({ outcome: 'interrupted', exitCode: 130 })
    expect(verdict.thresholds[0]?.verdict).toBe('met')
  })

  it('lets a system that only gets worse miss its limits', () => {
    const worse = { seconds: 200, response: (t: number) => 20 + t }
    expect(outcome({ ...worse, plan: missed })).toEqual(['missed', 1])
    expect(outcome({ ...worse, plan: met })).toEqual(['invalid', 3])
  })

  it('names the generator as the cause, and too many endpoints with the fix', () => {
    const run = simulate({ interval: (s) => ({ ...saturated(), ...(s === 9 ? { overflowed: ['endpoint'] } : {}) }) })
    const { findings } = judge(fold(run.end().events))
    expect(findings.map(({ id }) => id)).toEqual(['too-many-endpoints', 'generator-limited'])
    expect(findings[0]?.recommendation).toContain('name:')
    expect(findings[1]?.evidence[0]).toMatch(/^V2: worker 0/)
  })
})
