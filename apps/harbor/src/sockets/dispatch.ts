import type { Logger } from 'pino'
import { toHttpError } from '../http/errors.ts'
import { HttpError } from '../http/http-error.ts'
import { Allowance } from './allowance.ts'
import type { Connection } from './connection.ts'
import type { SocketEvents } from './socket-event.ts'

/** An acknowledgement: `{ ok: true, … }` or `{ ok: false, error }`. */
export type Acknowledge = (answer: Readonly<Record<string, unknown>>) => void

interface Options {
  readonly events: SocketEvents
  readonly limited: boolean
  readonly log: Logger
}

/** Events of one connection: a second, and at once. */
const eventRate = 200
const eventBurst = 1_000
/** Events that make no sense, before the connection is ended. */
const offenceRate = 1
const offenceBurst = 20

/** @returns what a transport makes for each connection, to be called with each event that it brings */
export function dispatcher({ events, limited, log }: Options) {
  const known = new Map(Object.entries(events))

  return (connection: Connection) => {
    const allowance = new Allowance(eventRate, eventBurst)
    const patience = new Allowance(offenceRate, offenceBurst)
    const refuse = (acknowledge: Acknowledge, error: HttpError) => {
      const { code, message } = error.envelope.error
      acknowledge({ ok: false, error: { code, message } })
    }
    const offend = (acknowledge: Acknowledge, error: HttpError) => {
      refuse(acknowledge, error)
      if (!patience.take()) connection.end('offences')
    }

    return (name: unknown, payload: unknown, acknowledge: Acknowledge): void => {
      const event = typeof name === 'string' ? known.get(name) : undefined
      if (limited && !allowance.take()) offend(acknowledge, new HttpError(429, 'Too many events at once.'))
      else if (event === undefined) offend(acknowledge, new HttpError(400, unknownEvent(name)))
      else if (!event.isValid(payload)) offend(acknowledge, new HttpError(400, event.problem()))
      else {
        const answer = (fields: object) => acknowledge({ ok: true, ...fields })
        event.handle(connection, payload, answer).catch((error: unknown) => {
          const told = toHttpError(error)
          if (told.status >= 500)
            log[told.status === 503 ? 'debug' : 'error']({ err: error, event: name }, 'event failed')
          refuse(acknowledge, told)
        })
      }
    }
  }
}

/** Only a frame over plain WebSocket may be without a name: see `plain.ts`. */
const unknownEvent = (name: unknown): string =>
  typeof name === 'string' ? 'There is no such event.' : 'A frame is text: a JSON object with a type.'

export type Dispatcher = ReturnType<typeof dispatcher>
