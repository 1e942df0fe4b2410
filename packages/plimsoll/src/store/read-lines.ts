import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

export interface Line {
  readonly text: string
  /** From 1. */
  readonly number: number
  /** False for a last line without its newline: the writer was killed while it wrote. */
  readonly isWhole: boolean
}

const CHUNK = 1 << 18

/**
 * The lines of a file of any size, one at a time; empty ones are passed over.
 * @throws {NodeJS.ErrnoException} when it cannot be read
 */
export function* readLines(path: string): Generator<Line> {
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    const decoder = new StringDecoder('utf8')
    let rest = ''
    let number = 0
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n')
      rest = lines.pop() ?? ''
      for (const text of lines) {
        number++
        if (text !== '') yield { text, number, isWhole: true }
      }
    }
    rest += decoder.end()
    if (rest !== '') yield { text: rest, number: number + 1, isWhole: false }
  } finally {
    closeSync(fd)
  }
}
