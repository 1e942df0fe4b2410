import { describe, expect, it } from 'vitest'
import type { ThresholdState, Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import { fold } from '../../../plimsoll/src/record/fold.ts'
import { generatedRun } from '../fixtures/generated-run.ts'
import { headline } from './headline.ts'

const record = fold(generatedRun({ seconds: 5, rate: 20 }))
const threshold = (verdict: ThresholdState): Verdict['thresholds'][number] => ({
  subject: 'GET /',
  metric: 'p95',
  limit: '< 1s',
  unit: 'ms',
  verdict,
  actual: undefined,
  scaledLimit: undefined,
  atLeast: false,
  isRough: false,
  interval: undefined,
  samples: 0,
  note: undefined,
})
const verdictOf = (outcome: Verdict['outcome'], states: readonly ThresholdState[]): Verdict => ({
  outcome,
  exitCode: 0,
  thresholds: states.map(threshold),
  validity: { state: 'valid', flags: [] },
  findings: [],
})

describe('headline', () => {
  it.each([
    ['met', ['met', 'met'], 'Holds: 2 of 2 thresholds met'],
    ['met', ['met', 'not judged'], 'Holds: 1 of 2 thresholds met, 1 not judged'],
    ['met', [], 'Finished: the profile sets no thresholds'],
    ['missed', ['missed', 'met'], '1 of 2 thresholds missed'],
    ['missed', ['missed', 'no data'], '1 of 2 thresholds missed, 1 without data'],
    ['missed', ['no data'], '1 of 1 threshold without data'],
    ['interrupted', ['met'], 'Interrupted after 5 s'],
  ] as const)('%s with %j', (outcome, states, text) => {
    expect(headline(record, verdictOf(outcome, states)).text).toBe(text)
  })

  it('says in words why a run is not valid', () => {
    const flag = { id: 'V2', severity: 'invalid', reason: '', advice: '' } as const
    const verdict: Verdict = { ...verdictOf('invalid', []), validity: { state: 'invalid', flags: [flag] } }
    expect(headline(record, verdict).text).toBe('Not valid: the generator’s event loop was blocked')
  })

  it('says what ended a run that failed', () => {
    const died = { ...record, ended: { at: record.duration, reason: { kind: 'system died', message: '' } as const } }
    expect(headline(died, verdictOf('error', [])).text).toBe('The system died')
  })

  it('tells a run under way from one that was not judged', () => {
    expect(headline({ ...record, ended: undefined }, undefined).text).toBe('Running for 5 s')
    expect(headline(record, undefined).text).toBe('Finished, not judged yet')
  })
})
