import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { PlimsollError } from '../../packages/plimsoll/src/base/errors.ts'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'
import { type IntervalInput, RunBuilder } from '../../packages/plimsoll/src/record/testing.ts'
import { findRun } from '../../packages/plimsoll/src/store/find-run.ts'
import { listRuns } from '../../packages/plimsoll/src/store/list-runs.ts'
import { readRun } from '../../packages/plimsoll/src/store/read-run.ts'
import { runFiles } from '../../packages/plimsoll/src/store/run-files.ts'
import { RunWriter } from '../../packages/plimsoll/src/store/run-writer.ts'
import { writeOutput } from '../../packages/plimsoll/src/store/write-output.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const newDir = (): string => join(root, String(folders++))

const fails = (error: PlimsollError): void => {
  throw error
}
const create = (dir: string, plan = 'Archive Origin', at = '2026-11-21T10:02:31.456Z'): RunWriter =>
  RunWriter.create(dir, { startedAt: new Date(at), plan, profile: 'smoke', onTrouble: fails })

function write(events: readonly RunEvent[], dir = newDir()): string {
  const writer = create(dir)
  for (const event of events) writer.append(event)
  writer.close()
  return writer.folder
}

/** What a run's events look like after JSON: without what is undefined. */
const someRun = (): RunEvent[] =>
  new RunBuilder()
    .intervals(3, (i) => ({
      series: [{ values: [i + 1, 250] }, { scope: 'endpoint', name: 'GET /a, b;c', values: [7], failed: 1 }],
    }))
    .probe('process', { cpu: 0.25 })
    .end().events

const onDamage = (sentence: string): void => {
  throw new Error(sentence)
}

const text = fc.string({ unit: 'binary', maxLength: 12 })
const anyInterval: fc.Arbitrary<IntervalInput> = fc.record({
  phase: fc.constantFrom('warm-up', 'ramp', 'steady', 'stopping'),
  series: fc.array(
    fc.record({
      metric: fc.constantFrom('http.response_time', 'step.duration'),
      scope: fc.constantFrom('all', 'endpoint', 'tag'),
      name: text,
      values: fc.array(fc.double({ min: 0, max: 4e6, noNaN: true }), { maxLength: 20 }),
      failed: fc.nat(5),
      censored: fc.nat(5),
    }),
    { maxLength: 4 },
  ),
  errors: fc.array(fc.record({ code: text, name: text, count: fc.nat() }), { maxLength: 2 }),
  bytesReceived: fc.nat(),
  length: fc.double({ min: 1, max: 3000, noNaN: true }),
})

describe('a run folder', () => {
  it('gives back every event that was written', () => {
    fc.assert(
      fc.property(fc.array(anyInterval, { maxLength: 8 }), text, (intervals, source) => {
        const builder = new RunBuilder({ source })
        for (const interval of intervals) builder.interval(interval).probe(source, { [source]: 1.5 })
        const events = builder.end({ kind: 'interrupted', signal: 'SIGINT', forced: true }).events
        expect(readRun(write(events), onDamage)).toEqual(events)
      }),
      { numRuns: 60 },
    )
  })

  it('has whole lines after every event, and keeps histograms out of the events', () => {
    const writer = create(newDir())
    const events = someRun()
    events.forEach((event, index) => {
      writer.append(event)
      expect(readRun(writer.folder)).toEqual(events.slice(0, index + 1))
    })
    writer.close()
    const [series] = JSON.parse(readFileSync(writer.path(runFiles.events), 'utf8').split('\n')[1] ?? '').series
    expect(series).toEqual({
      metric: 'http.response_time',
      scope: 'all',
      name: '',
      count: 2,
      failed: 0,
      censored: 0,
      sum: 251_000,
      min: 1000,
      max: 250_000,
    })
  })

  it('passes over a torn end, wherever it was torn', () => {
    const events = someRun()
    const whole = write(events)
    const lines = readFileSync(join(whole, runFiles.events))
    for (const cut of [1, 2, 30, 300]) {
      const folder = write(events)
      truncateSync(join(folder, runFiles.events), lines.length - cut)
      const notes: string[] = []
      const read = readRun(folder, (note) => notes.push(note))
      expect(read).toEqual(events.slice(0, read.length))
      expect(read.length).toBe(cut < 100 ? 5 : 3)
      expect(notes).toHaveLength(1)
      expect(notes[0]).toContain('the last line of events.ndjson is cut off')
    }
  })

  it('ends where its histograms end', () => {
    const events = someRun()
    const folder = write(events)
    const path = join(folder, runFiles.histograms)
    truncateSync(path, readFileSync(path).length - 10)
    const notes: string[] = []
    expect(readRun(folder, (note) => notes.push(note))).toEqual(events.slice(0, 3))
    expect(notes).toEqual(['histograms.hlog ends before events.ndjson does: the run is read up to there'])
  })

  it('says which line is damaged', () => {
    const folder = write(someRun())
    const path = join(folder, runFiles.events)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, lines.with(2, '{"type":').join('\n'))
    expect(() => readRun(folder)).toThrow(/^events\.ndjson is damaged at line 3: /)
    writeFileSync(path, lines.with(2, '42').join('\n'))
    expect(() => readRun(folder)).toThrow('events.ndjson is damaged at line 3: it is no event')
    writeFileSync(path, lines.toSpliced(1, 1).join('\n'))
    expect(() => readRun(folder)).toThrow('histograms.hlog does not hold its')
  })

  it('says which histogram is damaged', () => {
    const folder = write(someRun())
    const path = join(folder, runFiles.histograms)
    const lines = readFileSync(path, 'utf8').split('\n')
    const at = lines.findIndex((line) => line.startsWith('Tag='))
    writeFileSync(path, lines.with(at, `${lines[at]?.slice(0, -8)}AAAAAAAA`).join('\n'))
    expect(() => readRun(folder)).toThrow(`histograms.hlog is damaged at line ${at + 1}: `)
    rmSync(path)
    expect(() => readRun(folder)).toThrow('the run has lost its histograms.hlog')
  })

  it('tells of events that are missing', () => {
    const folder = write(someRun().filter((event) => event.seq !== 4))
    const notes: string[] = []
    readRun(folder, (note) => notes.push(note))
    expect(notes).toEqual(['events 4 to 4 are missing from events.ndjson'])
  })

  it('refuses a run from the future, and a folder that is none', () => {
    const folder = write([])
    appendFileSync(join(folder, runFiles.events), '{"type":"run.started","version":9,"seq":0}\n')
    expect(() => readRun(folder)).toThrow(/newer Plimsoll.*version 9/)
    expect(() => readRun(root)).toThrow('holds no run')
  })

  it('never shares a folder', () => {
    const dir = newDir()
    expect([create(dir), create(dir), create(dir)].map((writer) => writer.name)).toEqual([
      '2026-11-21T10-02-31Z-archive-origin-smoke',
      '2026-11-21T10-02-31Z-archive-origin-smoke-2',
      '2026-11-21T10-02-31Z-archive-origin-smoke-3',
    ])
  })

  it('says what to do when its place is a file', () => {
    const file = join(root, 'a-file')
    writeFileSync(file, '')
    const sentence = /cannot write .*: a part of the path is a file, not a folder/
    expect(() => create(file)).toThrow(sentence)
    expect(() => create(join(file, 'deeper'))).toThrow(sentence)
    expect(() => writeOutput(join(file, 'result.json'), '')).toThrow(sentence)
    expect(() => writeOutput(root, '')).toThrow('it is a folder, not a file')
  })
})

describe('findRun and listRuns', () => {
  const dir = newDir()
  const started = (at: string, plan: string): string => {
    const writer = create(dir, plan, at)
    for (const event of new RunBuilder({ name: plan, profile: 'smoke' }).end().events) writer.append(event)
    writer.close()
    return writer.folder
  }
  const first = started('2026-01-01T00:00:00Z', 'chat')
  const second = started('2026-01-02T00:00:00Z', 'chat')
  const third = started('2026-01-02T00:00:00Z', 'proofs')
  mkdirSync(join(dir, '2026-01-03T00-00-00Z-empty'))
  writeFileSync(join(first, runFiles.result), '{"verdict":"met","durationMs":30000}')

  it('lists runs, oldest first', () => {
    expect(listRuns(dir).map(({ folder, plan, profile, result }) => ({ folder, plan, profile, result }))).toEqual([
      { folder: first, plan: 'chat', profile: 'smoke', result: { verdict: 'met', durationMs: 30_000 } },
      { folder: second, plan: 'chat', profile: 'smoke', result: undefined },
      { folder: third, plan: 'proofs', profile: 'smoke', result: undefined },
    ])
    expect(listRuns(join(dir, 'nowhere'))).toEqual([])
  })

  it.each([
    ['its name', '2026-01-01T00-00-00Z-chat-smoke', first],
    ['a unique beginning', '2026-01-02T00-00-00Z-c', second],
    ['latest', 'latest', third],
    ['its path', first, first],
    ['a file in it', join(second, runFiles.events), second],
  ])('finds a run by %s', (_, ref, folder) => {
    expect(findRun(dir, ref)).toBe(folder)
  })

  it('says what was close', () => {
    expect(() => findRun(dir, '2026-01-02')).toThrow("2 runs begin with '2026-01-02'")
    expect(() => findRun(dir, 'chat')).toThrow("no run is called 'chat'")
    expect(() => findRun(dir, '')).toThrow("no run is called ''")
    expect(() => findRun(join(dir, 'nowhere'), 'latest')).toThrow('there is no run in')
  })

  it('reads a stop reason and millis back as they were', () => {
    const events = new RunBuilder().add({ type: 'stop', at: millis(1.25), reason: { kind: 'broken', criterion: 'x' } })
    expect(readRun(write(events.events))).toEqual(events.events)
  })
})
