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

/** In characters; more than that without an end is printed in pieces. */
const longestLine = 1024 * 1024

/** Prints a stream line by line. */
export function eachLine(stream: Readable, print: Print): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(line)
    if (rest.length <= longestLine) return
    print(rest)
    rest = ''
  })
  stream.on('end', () => {
    if (rest !== '') print(rest)
  })
}
