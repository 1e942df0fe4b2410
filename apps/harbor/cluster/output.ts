import type { Readable } from 'node:stream'

/** Prints whole lines that belong to someone. */
export type Print = (text: string) => void

/** As terminals count them: cyan, yellow, green, magenta, blue. */
const colours = [36, 33, 32, 35, 34]

/** Gives each service a name in front of its lines, in a colour of its own where a terminal reads them. */
export class Output {
  readonly #stream: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly #width: number
  #given = 0

  constructor(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, names: readonly string[]) {
    this.#stream = stream
    this.#width = Math.max(...names.map((name) => name.length))
  }

  for(name: string): Print {
    const label = `${name.padEnd(this.#width)} |`
    const colour = colours[this.#given++ % colours.length]
    const prefix = this.#stream.isTTY ? `\x1b[${colour}m${label}\x1b[0m` : label
    return (text) => void this.#stream.write(`${prefix} ${text}\n`)
  }
}

/** The lines of a stream, however long, in pieces of a megabyte at the most. */
export function eachLine(stream: Readable, print: Print): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > 1024 * 1024) lines.push(rest)
    if (lines.at(-1) === rest) rest = ''
    for (const line of lines) print(line)
  })
  stream.on('end', () => {
    if (rest !== '') print(rest)
  })
}
