import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { eachLine, Output } from './output.ts'

describe('Output', () => {
  it('says whose each line is, in a colour only on a terminal', () => {
    const text = (isTTY: boolean) => {
      const stream = Object.assign(new PassThrough(), { isTTY })
      const output = new Output(stream, ['nginx', 'harbor-1'])
      output.for('nginx')('up')
      output.for('harbor-1')('listens')
      return String(stream.read())
    }
    expect(text(false)).toBe('nginx    | up\nharbor-1 | listens\n')
    expect(text(true)).toBe('\x1b[36mnginx    |\x1b[0m up\n\x1b[33mharbor-1 |\x1b[0m listens\n')
  })
})

describe('eachLine', () => {
  const linesOf = async (...chunks: readonly (string | Buffer)[]) => {
    const lines: string[] = []
    const stream = new PassThrough()
    eachLine(stream, (line) => lines.push(line))
    for (const chunk of chunks) stream.write(chunk)
    await new Promise((resolve) => {
      stream.on('end', resolve)
      stream.end()
    })
    return lines
  }

  it('puts lines together again, and prints a last one without an end', async () => {
    expect(await linesOf('a', 'b\nab', '\nab')).toEqual(['ab', 'ab', 'ab'])
    expect(await linesOf(Buffer.from('é').subarray(0, 1), Buffer.from('é\n').subarray(1))).toEqual(['é'])
  })

  it('holds no more than a megabyte of a line', async () => {
    const long = 'x'.repeat(700_000)
    expect((await linesOf(long, long, 'end\n')).map((line) => line.length)).toEqual([1_400_000, 3])
  })
})
