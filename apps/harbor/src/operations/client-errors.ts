import { readFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import { Type } from 'typebox'

/** An error that no script of the client caught. */
export const ClientError = Type.Object(
  {
    message: Type.String({ maxLength: 300 }),
    place: Type.String({ maxLength: 100, pattern: '^(/assets/[\\w-]+\\.js:\\d{1,7}:\\d{1,7})?$' }),
    version: Type.String({ maxLength: 40, pattern: '^[\\w-]*$', description: 'The name of its main script.' }),
  },
  { additionalProperties: false },
)

/** Where scripts' maps are; they are served to nobody. */
export interface PlaceMap {
  /** As in `src/chat/outbox.ts:61`; as it was given where nothing is known of it, as of another version. */
  map(place: string): Promise<string>
}

export function openPlaceMap(root: URL): PlaceMap {
  const maps = new Map<string, Promise<SourceMap>>()

  return {
    async map(place) {
      const [, script, line, column] = /^\/assets\/([\w-]+\.js):(\d+):(\d+)$/.exec(place) ?? []
      if (script === undefined) return place
      try {
        const reading = maps.get(script) ?? readFile(new URL(`${script}.map`, root), 'utf8').then(toSourceMap)
        maps.set(script, reading)
        const found = (await reading).findEntry(Number(line) - 1, Number(column) - 1)
        return 'originalSource' in found ? `${found.originalSource}:${found.originalLine + 1}` : place
      } catch {
        // Whoever makes names up fills no memory with them.
        maps.delete(script)
        return place
      }
    },
  }
}

const toSourceMap = (text: string) => new SourceMap(JSON.parse(text))

/** Leaves of a message what says something of the program, and nothing that someone may have written in it. */
export const withoutPersonalData = (message: string): string =>
  message
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/"[^"]*("|$)/g, '"…"')
    .replace(/`[^`]*(`|$)/g, '`…`')
    // What is in single quotes and looks like a name in a program may be one.
    .replace(/(?<!\w)'(?![A-Za-z_$][\w$]{0,40}')[^']*('|$)/g, "'…'")
    .replace(/\bhttps?:\/\/\S+/g, 'https://…')
    .replace(/\S+@\S+/g, '…@…')
    .replace(/[\w-]{21,}|\d{5,}/g, '…')

/** Lines that may still be written in the minute under way: a page that fails in a loop fills no disk. */
export class LineBudget {
  readonly #perMinute: number
  #minute = 0
  #used = 0

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** @param now milliseconds since 1970 */
  take(now: number): boolean {
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) this.#used = 0
    this.#minute = minute
    this.#used += 1
    return this.#used <= this.#perMinute
  }
}
