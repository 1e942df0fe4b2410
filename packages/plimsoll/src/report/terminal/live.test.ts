import pc from 'picocolors'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis, seconds } from '../../base/units.ts'
import { judgeThresholds } from '../../judge/thresholds/judge-thresholds.ts'
import { fold, RunFold } from '../../record/fold.ts'
import type { RunBuilder } from '../../record/testing.ts'
import { archiveOriginRun } from '../testing.ts'
import { chatRun } from '../testing-chat.ts'
import { type FrameInput, renderFrame } from './live/frame.ts'
import type { LiveSnapshot } from './live/snapshot.ts'
import { LiveView } from './live.ts'

const plain = { colors: pc.createColors(false), unicode: true }

const snapshotOf = ({ events }: RunBuilder): LiveSnapshot => {
  const record = fold(events)
  return { record, thresholds: judgeThresholds(record, undefined, { intervals: false }) }
}
const troubled = snapshotOf(archiveOriginRun({ trouble: 1 }))
const running: FrameInput = { stage: { kind: 'running' }, snapshot: troubled, elapsed: seconds(18), turn: 0 }

/** A terminal that keeps what was written, and what would stand on it: just enough of ECMA-48 for the live view. */
class FakeTerminal {
  written = ''
  columns = 80
  rows = 24
  readonly #listeners = new Set<() => void>()

  write(text: string): void {
    this.written += text
  }
  on(_: 'resize', listener: () => void): void {
    this.#listeners.add(listener)
  }
  off(_: 'resize', listener: () => void): void {
    this.#listeners.delete(listener)
  }
  resize(columns: number): void {
    this.columns = columns
    for (const listener of this.#listeners) listener()
  }
  get listeners(): number {
    return this.#listeners.size
  }

  get screen(): string[] {
    const lines = ['']
    let row = 0
    for (const [, up, erase, text, newline] of this.written.matchAll(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it reads what controls the terminal
      /\u001b\[(?:(\d+)A|(J)|[?\d]*[Khl])|([^\u001b\n\r]+)|(\n)/g,
    )) {
      if (up !== undefined) row -= Number(up)
      else if (erase !== undefined) lines.length = row + 1
      else if (text !== undefined) lines[row] = text
      else if (newline !== undefined && ++row === lines.length) lines.push('')
      if (erase !== undefined) lines[row] = ''
    }
    return lines
  }
}

describe('renderFrame', () => {
  it.each([120, 80, 50, 32])('at %d columns', async (columns) => {
    await expect(renderFrame(running, columns, plain).join('\n')).toMatchFileSnapshot(`golden/live-${columns}.txt`)
  })

  it('has a line for connections and deliveries where there are any', () => {
    const events = chatRun({ trouble: 1 }).events
    const until = events.findIndex((event) => event.type === 'interval' && event.index === 18)
    const record = fold(events.slice(0, until + 1))
    const lines = renderFrame({ ...running, snapshot: { record, thresholds: [] } }, 100, plain)
    expect(lines.at(-1)).toMatch(
      /^ {2}372 connections · away 28 · 743 delivered\/s · p95 [\d.]+ ms · lost 285 · doubled 28 · foreign 3$/,
    )
    for (let columns = 30; columns <= 120; columns++) {
      for (const line of renderFrame({ ...running, snapshot: { record, thresholds: [] } }, columns, plain)) {
        expect(stringWidth(line)).toBeLessThan(columns)
      }
    }
  })

  it('never fills a line, whatever the width and the stage', () => {
    const stages: FrameInput['stage'][] = [
      { kind: 'preparing', what: 'waiting until http://127.0.0.1:3000/health answers' },
      { kind: 'running' },
      { kind: 'stopping', why: 'finishing what is under way' },
      { kind: 'finishing', what: 'judging' },
    ]
    for (const stage of stages) {
      for (let columns = 30; columns <= 140; columns++) {
        for (const line of renderFrame({ ...running, stage }, columns, plain)) {
          expect(stringWidth(line), `${columns}: ${line}`).toBeLessThan(columns)
        }
      }
    }
  })

  it('shows the threshold that is furthest beyond its limit', () => {
    expect(renderFrame(running, 100, plain).at(-1)).toContain(
      '✗ 3 of 7 missed · worst: errors share 3.33 %, limit < 1%',
    )
    const healthy = renderFrame({ ...running, snapshot: snapshotOf(archiveOriginRun()) }, 100, plain)
    expect(healthy.at(-1)).toContain('✓ 6 of 6 hold · closest: POST /lock-proof rate 40.0/s, limit >= 20/s')
  })

  it('tells which stage of the load it is, and what is left while stopping', () => {
    const at = (ms: number) => renderFrame({ ...running, elapsed: millis(ms) }, 100, plain)[1]
    expect(at(2500)).toMatch(/ 8 % {2}60 users {2}1\/2 ramp to 60$/)
    expect(at(20_000)).toMatch(/66 % {2}60 users {2}2\/2 hold 25 s$/)
    expect(at(31_000)).toMatch(/100 % {2}60 users {2}done$/)
    const builder = archiveOriginRun({ killed: true }).interval({ phase: 'stopping', shapes: [{ inFlight: 12 }] })
    const stage = { kind: 'stopping', why: 'finishing what is under way' } as const
    expect(renderFrame({ ...running, stage, snapshot: snapshotOf(builder) }, 80, plain).join('\n')).toContain(
      'stopping: finishing what is under way · 12 under way',
    )
  })

  it('is ASCII where nothing else can be shown', () => {
    expect(renderFrame(running, 80, { ...plain, unicode: false }).join('\n')).toMatch(/^[\n -~]*$/)
  })
})

describe('LiveView', () => {
  const view = (tty: boolean) => {
    const [terminal, clock] = [new FakeTerminal(), new FakeClock()]
    return { terminal, clock, live: new LiveView(terminal, { tty, style: plain, clock }) }
  }

  it('draws over itself, keeps logged lines above, and leaves nothing behind', () => {
    const { terminal, clock, live } = view(true)
    live.stage({ kind: 'preparing', what: 'starting the system' })
    clock.advance(seconds(3))
    expect(terminal.screen).toEqual([expect.stringMatching(/starting the system {2}0:03$/), ''])
    live.stage({ kind: 'running' })
    live.update(troubled)
    live.log('\u001b[31menrolled\u001b[0m\n12 devices\n')
    clock.advance(seconds(1))
    const [first, second, title, ...rest] = terminal.screen
    expect([first, second]).toEqual(['  enrolled', '  12 devices'])
    expect(title).toMatch(/^ {2}Archive Origin · smoke +0:31$/)
    expect(rest).toHaveLength(4)
    live.stop()
    expect(terminal.screen).toEqual(['  enrolled', '  12 devices', ''])
    expect(terminal.written.endsWith('\u001b[?25h\u001b[?2026l')).toBe(true)
    expect(terminal.listeners).toBe(0)
    const before = terminal.written
    clock.advance(seconds(2))
    live.update(troubled)
    expect(terminal.written).toBe(before)
  })

  it('draws anew when the terminal changes its size, from where the wrapped lines begin', () => {
    const { terminal, live } = view(true)
    live.stage({ kind: 'running' })
    live.update(troubled)
    terminal.written = ''
    terminal.resize(50)
    // Four lines of 77, 75, 72 and 58 columns stood on 8 rows of 50.
    expect(terminal.written).toContain('\u001b[8A')
    for (const line of terminal.written.split('\n')) expect(stringWidth(line)).toBeLessThan(50)
  })

  it('redraws at most five times a second', () => {
    const { terminal, clock, live } = view(true)
    live.update(troubled)
    terminal.written = ''
    clock.advance(seconds(10))
    expect(terminal.written.split('\u001b[?2026h').length - 1).toBeLessThanOrEqual(50)
  })

  it('writes a line every few seconds where there is no terminal, the first and the last included', () => {
    const { terminal, clock, live } = view(false)
    live.stage({ kind: 'preparing', what: 'starting the system' })
    live.stage({ kind: 'running' })
    const folded = new RunFold()
    for (const event of archiveOriginRun().events) {
      folded.apply(event)
      if (event.type !== 'interval' && event.type !== 'run.started') continue
      live.update({ record: folded.record, thresholds: [] })
      clock.advance(seconds(1))
    }
    live.stop()
    const lines = terminal.written.split('\n')
    expect(lines[0]).toBe('  starting the system')
    expect(lines.slice(1).map((line) => line.slice(2, 6))).toEqual([
      '0:01',
      '0:06',
      '0:11',
      '0:16',
      '0:21',
      '0:26',
      '0:30',
      '',
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them belongs into a log
    expect(terminal.written).not.toMatch(/[\u001b\r]/)
    expect(lines.at(-2)).toContain('steady')
  })
})
