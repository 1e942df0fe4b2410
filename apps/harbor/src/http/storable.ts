import { HttpError } from './http-error.ts'
import { isStorableText } from './validation.ts'

/** @throws {HttpError} 400 for a text that Postgres cannot keep; `name` is the field of the body */
export function requireStorable(name: string, value: string): void {
  if (isStorableText(value)) return
  const message = 'must not hold a NUL character or a lone surrogate'
  throw new HttpError(400, `body/${name} ${message}.`, { details: [{ path: `body/${name}`, message }] })
}
