import type { Clock } from '../../../base/clock.ts'
import { type Millis, millis } from '../../../base/units.ts'
import { formatClock } from '../../format.ts'
import { type TerminalStyle, toAscii } from '../style.ts'
import { printable } from '../text.ts'
import { liveFigures } from './figures.ts'
import { figureParts } from './frame.ts'
import type { TerminalStream } from './screen.ts'
import type { LiveSnapshot, LiveStage } from './snapshot.ts'
import { socketParts } from './socket-figures.ts'

const EVERY = 5000

/** Intervals end a millisecond before or after their second. */
const roundToSecond = (time: Millis): Millis => millis(Math.round(time / 1000) * 1000)

/** The live view where there is no terminal: a line for each stage, every few seconds, and at the end. */
export class LiveLog {
  readonly #stream: TerminalStream
  readonly #style: TerminalStyle
  readonly #clock: Clock
  /** Not shown yet. */
  #pending: LiveSnapshot | undefined
  #lastLine = Number.NEGATIVE_INFINITY

  constructor(stream: TerminalStream, style: TerminalStyle, clock: Clock) {
    this.#stream = stream
    this.#style = style
    this.#clock = clock
  }

  stage(stage: LiveStage): void {
    if (stage.kind === 'running') return
    this.#flush()
    this.#line(stage.kind === 'stopping' ? `stopping: ${stage.why}` : stage.what)
  }

  update(snapshot: LiveSnapshot): void {
    if (snapshot.record.timeline.length === 0) return
    this.#pending = snapshot
    // A little less than the gap, so that an interval that comes a few milliseconds early does not wait for the next.
    if (this.#clock.now() - this.#lastLine >= EVERY - 100) this.#flush()
  }

  close(): void {
    this.#flush()
  }

  #flush(): void {
    if (this.#pending === undefined) return
    const { record } = this.#pending
    this.#pending = undefined
    this.#lastLine = this.#clock.now()
    const phase = record.timeline.at(-1)?.phase ?? ''
    const parts = [...figureParts(liveFigures(record), this.#style), ...socketParts(record, this.#style)]
    const figures = parts.join(' · ')
    this.#line(`${formatClock(roundToSecond(record.duration))}  ${phase.padEnd('stopping'.length)}  ${figures}`, false)
  }

  #line(text: string, isPlain = true): void {
    const shown = isPlain ? printable(text) : text
    this.#stream.write(`  ${this.#style.unicode ? shown : toAscii(shown)}\n`)
  }
}
