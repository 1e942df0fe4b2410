import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'

export interface Message {
  readonly id: string
  readonly room_id: string
  readonly seq: number
  readonly sender_id: string
  readonly content: string
  readonly client_id: string | null
  readonly created_at: string
}

/** An acknowledgement, of whatever event. */
export interface Ack {
  readonly ok: boolean
  readonly error?: { readonly code: string; readonly message: string }
  readonly seq: number
  readonly missed: readonly Message[]
  readonly more: boolean
  readonly present?: readonly { readonly user_id: string; readonly status: string | null }[]
  readonly message: Message
  readonly version: number
  readonly content: string
}

/** What both transports can do, so that one test serves both. */
export interface Talker {
  ask(event: string, payload?: unknown): Promise<Ack>
  on(event: string, listener: (payload: never) => void): void
  close(): void
  /** As when a cable is cut: nothing is said, and what was under way is lost. */
  cut(): void
  readonly closed: Promise<unknown>
}

export type Dial = (url: string, token: string, options?: { batch?: boolean; polling?: boolean }) => Promise<Talker>

export const dialSocketIo: Dial = async (url, token, { batch = false, polling = false } = {}) => {
  const socket: Socket = io(url, {
    auth: { token, ...(batch && { batch }) },
    transports: polling ? ['polling'] : ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  const closed = new Promise((resolve) => socket.once('disconnect', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    ask: (event, payload) => socket.timeout(20_000).emitWithAck(event, payload),
    on: (event, listener) => void socket.on(event, listener as (payload: unknown) => void),
    close: () => void socket.disconnect(),
    cut: () => void socket.io.engine.close(),
    closed,
  }
}

export const dialPlain: Dial = async (url, token, { batch = false } = {}) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${token}${batch ? '&batch=1' : ''}`)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const waiting = new Map<number, (ack: Ack) => void>()
  const listeners = new Map<string, ((payload: never) => void)[]>()
  let ids = 0
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'ack') waiting.get(frame.id)?.(frame)
    else for (const listener of listeners.get(frame.type) ?? []) listener(payloadOf(frame) as never)
  })
  await once(socket, 'open')
  return {
    ask: (event, payload) =>
      new Promise((resolve, reject) => {
        const id = ids++
        waiting.set(id, resolve)
        void closed.then(() => reject(new Error('closed')))
        socket.send(JSON.stringify({ type: event, id, ...(payload as object) }))
      }),
    on: (event, listener) => void listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    close: () => socket.close(),
    cut: () => socket.terminate(),
    closed,
  }
}

function payloadOf({ type, ...payload }: { type: string }): unknown {
  return type === 'messages' ? (payload as Record<string, unknown>)['messages'] : payload
}

export const transports: readonly (readonly [string, Dial])[] = [
  ['Socket.IO', dialSocketIo],
  ['Socket.IO by polling', (url, token, options) => dialSocketIo(url, token, { ...options, polling: true })],
  ['plain WebSocket', dialPlain],
]

/** Collects the messages that a talker gets, one by one or in batches. */
export function inbox(talker: Talker) {
  const messages: Message[] = []
  let wake: () => void = () => undefined
  const take = (more: readonly Message[]) => {
    messages.push(...more)
    wake()
  }
  talker.on('message', (message: Message) => take([message]))
  talker.on('messages', (batch: readonly Message[]) => take(batch))
  return {
    messages,
    seqs: () => messages.map(({ seq }) => seq),
    /** Resolves when that many have come. */
    async count(wanted: number): Promise<readonly Message[]> {
      while (messages.length < wanted) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return messages
    },
  }
}

export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)
