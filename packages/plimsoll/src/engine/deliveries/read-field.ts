import type { CompiledField } from '../../plan/compiled.ts'

/** A room or a key: a text, or a number written as one; undefined where the payload has none. */
export function readKey(field: CompiledField, payload: unknown): string | undefined {
  const value = tryRead(field, payload)
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}

export function readSeq(field: CompiledField | undefined, payload: unknown): number | undefined {
  if (field === undefined) return undefined
  const value = tryRead(field, payload)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Whether an acknowledgement says yes. Not declared: an answer says no when its `ok` is false. */
export function wasAccepted(field: CompiledField | undefined, answer: unknown): boolean {
  if (field !== undefined) return Boolean(tryRead(field, answer))
  return typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false
}

function tryRead(field: CompiledField, payload: unknown): unknown {
  try {
    return field.read(payload)
  } catch {
    // Reading on from something that is not there: the payload has no such field.
    return undefined
  }
}
