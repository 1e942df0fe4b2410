import { HttpError } from './http-error.ts'

/** Cursors that say after which number a page begins, in a form that nobody calculates with. `letter` tells kinds apart. */
export function numberCursor(letter: string) {
  const pattern = new RegExp(`^${letter}(\\d{1,15})$`)
  const write = (number: string | number): string => Buffer.from(`${letter}${number}`).toString('base64url')
  return {
    write,
    /** @throws {HttpError} 400 for what is no cursor */
    read(cursor: string | undefined): number {
      if (cursor === undefined) return 0
      const [, digits] = pattern.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
      if (digits !== undefined && write(digits) === cursor) return Number(digits)
      const details = [{ path: 'query/cursor', message: 'is not the next_cursor of an answer' }]
      throw new HttpError(400, 'query/cursor is not the next_cursor of an answer.', { details })
    },
  }
}
