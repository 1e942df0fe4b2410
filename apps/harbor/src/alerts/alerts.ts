import type { Logger } from 'pino'

/** Something that a person should know soon. */
export interface Alert {
  readonly severity: 'high' | 'critical'
  /** One line. */
  readonly title: string
  readonly details: Readonly<Record<string, unknown>>
  readonly at: Date
}

/** One way to a person: mail, a webhook. */
export interface Channel {
  readonly name: string
  send(alerts: readonly Alert[]): Promise<void>
  close(): void
}

/** In milliseconds: how long the first alert waits for company, and the next ones after a message was sent. */
const gather = 1_000
const quiet = 60_000

const mostWaiting = 100

interface Options {
  /** None: alerts are lines in the log. */
  readonly channels: readonly Channel[]
  readonly log: Logger
  readonly times?: { readonly gather: number; readonly quiet: number }
}

/** Sends alerts in bunches: the first within a second or so, and however many follow, one message a minute. */
export class Alerts {
  readonly #options: Options
  readonly #times: { readonly gather: number; readonly quiet: number }
  #waiting: Alert[] = []
  #timer: NodeJS.Timeout | undefined
  #quietUntil = 0

  constructor(options: Options) {
    this.#options = options
    this.#times = options.times ?? { gather, quiet }
  }

  raise(alert: Omit<Alert, 'at'>): void {
    if (this.#options.channels.length === 0) this.#options.log.warn({ alert }, 'alert')
    else if (this.#waiting.length < mostWaiting) this.#waiting.push({ ...alert, at: new Date() })
    else return
    this.#timer ??= setTimeout(
      () => void this.#send(),
      Math.max(this.#times.gather, this.#quietUntil - Date.now()),
    ).unref()
  }

  /** Sends what waits. */
  async close(): Promise<void> {
    await this.#send()
    for (const channel of this.#options.channels) channel.close()
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const alerts = this.#waiting
    this.#waiting = []
    if (alerts.length === 0) return
    this.#quietUntil = Date.now() + this.#times.quiet
    await Promise.all(
      this.#options.channels.map((channel) =>
        channel.send(alerts).catch((error: unknown) => {
          // Whoever reads the log gets what the channel did not take.
          this.#options.log.error({ err: error, channel: channel.name, alerts }, 'alerts could not be sent')
        }),
      ),
    )
  }
}
