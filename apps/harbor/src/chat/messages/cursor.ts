import { HttpError } from '../../http/http-error.ts'

/** Where a page goes on: with older messages, before `seq`, or with newer ones, after it. */
export interface Position {
  readonly direction: 'before' | 'after'
  readonly seq: number
}

/** In a form that nobody calculates with. */
export const writeCursor = ({ direction, seq }: Position): string =>
  Buffer.from(`${direction}${seq}`).toString('base64url')

/** @throws {HttpError} 400 for what is no cursor */
export function readCursor(cursor: string): Position {
  const [, direction, seq] = /^(before|after)(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const position: Position = { direction: direction === 'after' ? 'after' : 'before', seq: Number(seq) }
  if (seq !== undefined && writeCursor(position) === cursor) return position
  const details = [{ path: 'query/cursor', message: 'is not the next_cursor of an answer' }]
  throw new HttpError(400, 'query/cursor is not the next_cursor of an answer.', { details })
}
