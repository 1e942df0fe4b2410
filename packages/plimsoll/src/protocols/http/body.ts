import { TransportError } from './exchange.ts'
import { openAsBytes, sizeOfFile } from './file-body.ts'
import { createMultipart } from './multipart.ts'
import type { FileBody, RequestInput } from './types.ts'

/** A request's body, ready to be sent. */
export interface OutgoingBody {
  /** The content type, unless the plan names another. */
  readonly type: string | undefined
  /** In octets; undefined when only the end will tell. */
  readonly length: number | undefined
  /** Text of ASCII only, octets, or a source to be read while it is sent. */
  readonly content: string | Uint8Array | (() => AsyncIterable<Uint8Array>)
  /** Whether it can be sent a second time: on another connection, after a redirect. */
  readonly replayable: boolean
}

/**
 * @throws {TransportError} BAD_REQUEST for more than one kind of body, or a value that has no JSON; REQUEST_BODY_FAILED
 *   for a file that cannot be read
 */
export function createBody(input: RequestInput): OutgoingBody | undefined {
  const { json, form, body } = input
  const given = Number(json !== undefined) + Number(form !== undefined) + Number(body !== undefined)
  if (given === 0) return undefined
  if (given > 1) throw new TransportError('BAD_REQUEST', 'a request has one body: give one of json, form and body')
  if (json !== undefined) return fromText(toJson(json), 'application/json')
  if (form !== undefined) return fromForm(form, input.multipart === true)
  return fromBody(body as NonNullable<typeof body>)
}

function fromBody(body: NonNullable<RequestInput['body']>): OutgoingBody {
  if (typeof body === 'string') return fromText(body, 'text/plain; charset=utf-8')
  if (body instanceof Uint8Array) {
    return { type: 'application/octet-stream', length: body.byteLength, content: body, replayable: true }
  }
  if (isFile(body)) {
    return {
      type: body.type ?? 'application/octet-stream',
      length: sizeOfFile(body),
      content: () => openAsBytes(body),
      replayable: true,
    }
  }
  if (typeof body !== 'object' || !(Symbol.asyncIterator in body)) {
    throw new TransportError(
      'BAD_REQUEST',
      `a body is text, bytes, file(path) or an async iterable; got ${typeof body}`,
    )
  }
  return { type: 'application/octet-stream', length: undefined, content: () => body, replayable: false }
}

function fromForm(form: NonNullable<RequestInput['form']>, multipart: boolean): OutgoingBody {
  if (multipart || Object.values(form).some((value) => typeof value === 'object')) {
    const { type, length, open } = createMultipart(form)
    return { type, length, content: open, replayable: true }
  }
  const pairs = Object.entries(form).map(([name, value]): [string, string] => [name, String(value)])
  return fromText(new URLSearchParams(pairs).toString(), 'application/x-www-form-urlencoded')
}

function fromText(text: string, type: string): OutgoingBody {
  const length = Buffer.byteLength(text)
  return { type, length, content: length === text.length ? text : Buffer.from(text), replayable: true }
}

function toJson(value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (error) {
    throw new TransportError('BAD_REQUEST', `this cannot be sent as JSON: ${(error as Error).message}`, error)
  }
  if (text === undefined) throw new TransportError('BAD_REQUEST', `this cannot be sent as JSON: a ${typeof value}`)
  return text
}

const isFile = (body: object): body is FileBody => 'kind' in body && body.kind === 'file'
