import type { Outgoing } from './prepared.ts'
import type { Entry } from './sequencer.ts'

export type Hint =
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] }
  | { readonly kind: 'signal'; readonly key: string; readonly outgoing: Outgoing }
  | { readonly kind: 'dismissal'; readonly userId: string }

/**
 * A hint is a line that says who sent it and what it is, then a line for each entry: numbers and JSON that nobody has to
 * parse to hand it on.
 */
export const writeEntries = (sender: string, entries: readonly Entry[]): string =>
  `${sender} e\n${entries.map(({ seq, at, json }) => `${seq} ${at} ${json}`).join('\n')}`

/** `key` and the event hold no space. */
export const writeSignal = (sender: string, key: string, { event, json }: Outgoing): string =>
  `${sender} s\n${key} ${event} ${json}`

export const writeDismissal = (sender: string, userId: string): string => `${sender} d\n${userId}`

/** Undefined for what `sender` itself sent, and for what is no hint. */
export function readHint(text: string, sender: string): Hint | undefined {
  const [head = '', ...lines] = text.split('\n')
  const [from, kind] = head.split(' ')
  if (from === sender) return undefined
  if (kind === 'd' && lines[0] !== undefined) return { kind: 'dismissal', userId: lines[0] }
  const rows = lines.map((line) => /^(\S+) (\S+) (.*)$/s.exec(line)).filter((row) => row !== null)
  if (kind === 'e') {
    return {
      kind: 'entries',
      entries: rows.map(([, seq, at, json = '']) => ({ seq: Number(seq), at: Number(at), json })),
    }
  }
  const [, key, event, json] = rows[0] ?? []
  if (kind !== 's' || key === undefined || event === undefined || json === undefined) return undefined
  return { kind: 'signal', key, outgoing: { event, json } }
}
