import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../plimsoll/src/record/events.ts'
import { generatedRun } from '../fixtures/generated-run.ts'
import { embeddedSource, readEmbeddedRun } from './embedded-run.ts'
import { streamSource } from './stream-source.ts'

const events = generatedRun({ seconds: 3, rate: 20 })
const verdict = {
  outcome: 'met',
  exitCode: 0,
  thresholds: [],
  validity: { state: 'valid', flags: [] },
  findings: [],
} as const
const pageWith = (text: string | null) =>
  ({ getElementById: () => (text === null ? null : { textContent: text }) }) as unknown as Document

describe('the embedded run', () => {
  it('is what the writer packed', async () => {
    const plain = new Blob([JSON.stringify({ events, verdict })])
    const packed = await new Response(plain.stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer()
    const text = btoa(String.fromCharCode(...new Uint8Array(packed)))
    await expect(readEmbeddedRun(pageWith(`\n${text}\n`))).resolves.toEqual({
      events: JSON.parse(JSON.stringify(events)),
      verdict,
    })
  })
  it('is none in the empty template', async () => {
    await expect(readEmbeddedRun(pageWith(null))).resolves.toBeUndefined()
  })
  it('tells everything at once', () => {
    const seen: (readonly RunEvent[])[] = []
    embeddedSource({ events, verdict }).subscribe((batch) => seen.push(batch))
    expect(seen).toEqual([events])
  })
})

describe('a stream', () => {
  it('tells late listeners what they missed, and nobody after they left', async () => {
    const waiting: ((batch: readonly RunEvent[]) => void)[] = []
    const push = async (batch: readonly RunEvent[]): Promise<void> => {
      waiting.shift()?.(batch)
      await new Promise((resolve) => setTimeout(resolve))
    }
    const source = streamSource(
      (async function* () {
        for (;;) yield await new Promise<readonly RunEvent[]>((resolve) => waiting.push(resolve))
      })(),
    )
    const [early, late]: [number[], number[]] = [[], []]
    const leave = source.subscribe((batch) => early.push(...batch.map((event) => event.seq)))
    await push(events.slice(0, 2))
    source.subscribe((batch) => late.push(...batch.map((event) => event.seq)))
    await push(events.slice(2, 4))
    leave()
    await push(events.slice(4, 5))
    expect(early).toEqual([0, 1, 2, 3])
    expect(late).toEqual([0, 1, 2, 3, 4])
  })
})
