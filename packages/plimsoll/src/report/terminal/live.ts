import { type Clock, systemClock } from '../../base/clock.ts'
import { type Millis, millis, subtract } from '../../base/units.ts'
import { renderFrame } from './live/frame.ts'
import { LiveLog } from './live/log.ts'
import { Screen, type TerminalStream } from './live/screen.ts'
import type { LiveSnapshot, LiveStage } from './live/snapshot.ts'
import type { TerminalStyle } from './style.ts'
import { printable } from './text.ts'

export type { LiveSnapshot, LiveStage } from './live/snapshot.ts'

export interface LiveOptions {
  /** False: a line every few seconds instead of a picture. */
  readonly tty: boolean
  readonly style: TerminalStyle
  readonly clock?: Clock
}

/** Five frames a second: figures change once a second, bars and clocks in between. */
const FRAME = millis(200)

/** What a person sees of a run while it goes on. */
export class LiveView {
  readonly #stream: TerminalStream
  readonly #style: TerminalStyle
  readonly #clock: Clock
  readonly #screen: Screen | undefined
  readonly #log: LiveLog | undefined
  readonly #redraw = (): void => this.#draw()
  #cancelFrame: (() => void) | undefined
  #stage: LiveStage = { kind: 'preparing', what: 'getting ready' }
  #stageSince: Millis
  /** When the load began, on our clock. */
  #zero: Millis | undefined
  #snapshot: LiveSnapshot | undefined
  #turn = 0
  #isStopped = false

  constructor(stream: TerminalStream, { tty, style, clock = systemClock }: LiveOptions) {
    this.#stream = stream
    this.#style = style
    this.#clock = clock
    this.#stageSince = clock.now()
    if (tty) {
      this.#screen = new Screen(stream)
      stream.on?.('resize', this.#redraw)
      this.#nextFrame()
    } else this.#log = new LiveLog(stream, style, clock)
  }

  stage(stage: LiveStage): void {
    if (this.#isStopped) return
    this.#stage = stage
    this.#stageSince = this.#clock.now()
    this.#log?.stage(stage)
    this.#draw()
  }

  /** Once an interval, and once when the load begins. */
  update(snapshot: LiveSnapshot): void {
    if (this.#isStopped) return
    this.#snapshot = snapshot
    this.#zero ??= subtract(this.#clock.now(), snapshot.record.duration)
    this.#log?.update(snapshot)
    this.#draw()
  }

  /** A line that stays: what plan code printed, what could not be written. */
  log(line: string): void {
    if (this.#screen === undefined || this.#isStopped) this.#stream.write(`${line.trimEnd()}\n`)
    else for (const part of line.trimEnd().split('\n')) this.#screen.print(`  ${printable(part)}`)
  }

  /** Leaves the terminal as it was; the final report follows. */
  stop(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#cancelFrame?.()
    this.#stream.off?.('resize', this.#redraw)
    this.#screen?.close()
    this.#log?.close()
  }

  #nextFrame(): void {
    this.#cancelFrame = this.#clock.after(FRAME, () => {
      this.#turn++
      this.#draw()
      this.#nextFrame()
    })
  }

  #draw(): void {
    if (this.#screen === undefined || this.#isStopped) return
    const isLoading = this.#stage.kind === 'running' || this.#stage.kind === 'stopping'
    const since = isLoading ? (this.#zero ?? this.#stageSince) : this.#stageSince
    const elapsed = subtract(this.#clock.now(), since)
    const { columns } = this.#screen
    const input = { stage: this.#stage, snapshot: this.#snapshot, elapsed, turn: this.#turn }
    this.#screen.draw(renderFrame(input, columns, this.#style))
  }
}
