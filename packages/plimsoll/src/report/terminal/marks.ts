import type { ThresholdState, Verdict } from '../../judge/verdict.ts'
import type { TerminalStyle } from './style.ts'

export type Paint = (text: string) => string

export interface Mark {
  readonly mark: string
  readonly word: string
  readonly paint: Paint
}

export function outcomeMark(outcome: Verdict['outcome'], { colors }: TerminalStyle): Mark {
  const strong =
    (paint: Paint): Paint =>
    (text) =>
      colors.bold(paint(text))
  switch (outcome) {
    case 'met':
      return { mark: '✓', word: 'MET', paint: strong(colors.green) }
    case 'missed':
      return { mark: '✗', word: 'MISSED', paint: strong(colors.red) }
    case 'invalid':
      return { mark: '✗', word: 'INVALID', paint: strong(colors.yellow) }
    case 'interrupted':
      return { mark: '–', word: 'INTERRUPTED', paint: strong(colors.yellow) }
    case 'error':
      return { mark: '✗', word: 'ERROR', paint: strong(colors.red) }
  }
}

export function stateMark(state: ThresholdState, { colors }: TerminalStyle): Omit<Mark, 'word'> {
  switch (state) {
    case 'met':
      return { mark: '✓', paint: colors.green }
    case 'missed':
      return { mark: '✗', paint: colors.red }
    case 'no data':
      return { mark: '–', paint: colors.yellow }
    case 'not judged':
      return { mark: '–', paint: colors.dim }
  }
}

export function validityMark(state: Verdict['validity']['state'], { colors }: TerminalStyle): Omit<Mark, 'word'> {
  switch (state) {
    case 'valid':
      return { mark: '✓', paint: colors.green }
    case 'suspect':
      return { mark: '●', paint: colors.yellow }
    case 'invalid':
      return { mark: '✗', paint: colors.red }
  }
}
