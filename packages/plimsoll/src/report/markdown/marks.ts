import type { ThresholdState, Verdict } from '../../judge/verdict.ts'

export const outcomeMarks: Readonly<Record<Verdict['outcome'], string>> = {
  met: '✅',
  missed: '❌',
  invalid: '⚠️',
  interrupted: '⏹️',
  error: '💥',
}

export const stateMarks: Readonly<Record<ThresholdState, string>> = {
  met: '✅',
  missed: '❌',
  'no data': '❔',
  'not judged': '➖',
}
