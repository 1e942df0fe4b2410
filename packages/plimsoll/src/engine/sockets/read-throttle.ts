import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import type { ReadRate } from '../../plan/sockets.ts'
import type { Alarm, Timeline } from '../worker/timeline.ts'
import type { Readable } from './read-gate.ts'

const units: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2 }

/** `'10KB/s'` as bytes per millisecond; 0 for `'paused'`; undefined when it is neither. */
export function parseReadRate(rate: ReadRate): number | undefined {
  if (rate === 'paused') return 0
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KM]i?B|B)\/s$/.exec(rate) ?? []
  const factor = units[unit]
  return value === undefined || factor === undefined || Number(value) === 0
    ? undefined
    : (Number(value) * factor) / 1000
}

/**
 * A receiver that reads slowly: after each message it stops reading for as long as the message would have taken at its
 * rate, so that the sender's buffers fill. What the system itself buffers, some hundred kilobytes, comes on top.
 */
export class ReadThrottle {
  readonly #socket: Readable
  readonly #clock: Clock
  readonly #timeline: Timeline
  #rate: number | undefined
  /** Until when what has been read so far would have taken. */
  #paidUntil = millis(0)
  #alarm: Alarm | undefined

  constructor(socket: Readable, clock: Clock, timeline: Timeline) {
    this.#socket = socket
    this.#clock = clock
    this.#timeline = timeline
  }

  /** Bytes per millisecond; 0 stops reading, undefined reads as fast as it can. */
  set(rate: number | undefined): void {
    this.#rate = rate
    this.#alarm?.cancel()
    this.#alarm = undefined
    this.#paidUntil = this.#clock.now()
    if (rate === 0) this.#socket.pause()
    else this.#socket.resume()
  }

  received(bytes: number): void {
    const rate = this.#rate
    if (rate === undefined || rate === 0) return
    const now = this.#clock.now()
    this.#paidUntil = millis(Math.max(this.#paidUntil, now) + bytes / rate)
    if (this.#alarm !== undefined || this.#paidUntil <= now + GRAIN) return
    this.#socket.pause()
    this.#alarm = this.#timeline.at(this.#paidUntil, () => this.#goOn())
  }

  #goOn(): void {
    this.#alarm = undefined
    if (this.#paidUntil <= this.#clock.now() + GRAIN) this.#socket.resume()
    else this.#alarm = this.#timeline.at(this.#paidUntil, () => this.#goOn())
  }
}

/** Shorter pauses than this are not worth a timer. */
const GRAIN: Millis = millis(2)
