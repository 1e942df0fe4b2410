import { Ajv } from 'ajv'
import type { Static, TSchema } from 'typebox'
import type { Connection } from './connection.ts'

/** The fields of an acknowledgement besides `ok`. */
export type Answer = (fields: object) => void

export interface SocketEvent {
  readonly isValid: (payload: unknown) => boolean
  /** What is wrong with the payload that was checked last. */
  readonly problem: () => string
  /** Answers once, in the same turn in which the answer becomes true. Throws an `HttpError` to refuse. */
  handle(connection: Connection, payload: unknown, answer: Answer): Promise<void>
}

export type SocketEvents = Readonly<Record<string, SocketEvent>>

const ajv = new Ajv({ allErrors: false, coerceTypes: false, strict: true })

/** An event that clients may send, for `sockets.ts`; its payload reaches the handler only if it fits the schema. */
export function socketEvent<Schema extends TSchema>(
  schema: Schema,
  handle: (connection: Connection, payload: Static<Schema>, answer: Answer) => Promise<void>,
): SocketEvent {
  const validate = ajv.compile<Static<Schema>>(schema)
  return {
    isValid: validate,
    problem: () => {
      const [error] = validate.errors ?? []
      const { additionalProperty } = (error?.params ?? {}) as Record<string, unknown>
      if (typeof additionalProperty === 'string') return `The field ${additionalProperty} is not known.`
      return `The payload${(error?.instancePath ?? '').replaceAll('/', '.')} ${error?.message ?? 'is not valid'}.`
    },
    handle: (connection, payload, answer) => handle(connection, payload as Static<Schema>, answer),
  }
}
