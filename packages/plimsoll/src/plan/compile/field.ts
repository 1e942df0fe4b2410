import type { CompiledField } from '../compiled.ts'
import type { Field } from '../deliveries.ts'

/** The path of a field, `'room.id'`, read as far as it leads; `''` is the payload itself. */
export function compileField(field: Field): CompiledField {
  if (typeof field === 'function') return { text: field.toString(), isPath: false, read: field }
  if (field === '') return { text: field, isPath: true, read: (payload) => payload }
  const names = field.split('.')
  const [only = ''] = names
  const read = names.length === 1 ? (payload: unknown) => member(payload, only) : along(names)
  return { text: field, isPath: true, read }
}

const along = (names: readonly string[]) => (payload: unknown) => {
  let value = payload
  for (const name of names) value = member(value, name)
  return value
}

const member = (value: unknown, name: string): unknown =>
  value === null || value === undefined ? undefined : (value as Record<string, unknown>)[name]

/**
 * Which field of a payload a reader looked for and did not find, by its path; the reader's own text where it looked at
 * none. For messages only.
 */
export function missingField({ text, read }: CompiledField, payload: unknown): string {
  let last = ''
  const watched = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    return new Proxy(value, {
      get(target, name, receiver) {
        if (typeof name !== 'string') return Reflect.get(target, name, receiver)
        last = path === '' ? name : `${path}.${name}`
        return watched(Reflect.get(target, name, receiver), last)
      },
    })
  }
  try {
    read(watched(payload, ''))
  } catch {
    // Reading on from what is not there: the last name asked for is the one that was missing.
  }
  return last === '' ? text : last
}
