import { HttpError } from '../http/http-error.ts'

/** Where a page of users ended: the number of its last one, in a form that nobody calculates with. */
export const writeCursor = (number: number): string => Buffer.from(`u${number}`).toString('base64url')

/** @throws {HttpError} 400 for what is no cursor */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const [, digits] = /^u(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (digits !== undefined && writeCursor(Number(digits)) === cursor) return Number(digits)
  const details = [{ path: 'query/cursor', message: 'is not the next_cursor of an answer' }]
  throw new HttpError(400, 'query/cursor is not the next_cursor of an answer.', { details })
}
