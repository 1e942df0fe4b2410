import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

/**
 * A file that only grows by whole lines. Each append is handed to the operating system before it returns, so a killed
 * process loses nothing that was appended; a crash of the machine may cost the last seconds.
 */
export class LinesFile {
  readonly path: string
  readonly #fd: number
  #size = 0

  /** @throws {NodeJS.ErrnoException} also when the file is there already */
  constructor(path: string) {
    this.path = path
    this.#fd = openSync(path, 'ax')
  }

  /** Whole lines, the last newline included. When it fails, the file ends with the last whole line before. */
  append(lines: string): void {
    const bytes = Buffer.from(lines)
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written)
    } catch (error) {
      this.#cutTorn()
      throw error
    }
    this.#size += bytes.length
  }

  close(): void {
    closeSync(this.#fd)
  }

  #cutTorn(): void {
    try {
      ftruncateSync(this.#fd, this.#size)
    } catch {
      // Readers pass over a torn last line.
    }
  }
}
