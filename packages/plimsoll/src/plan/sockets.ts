import type { Duration } from './duration.ts'

/** What plan code sees of connections that stay: WebSocket, Socket.IO, server-sent events. */

/**
 * Thrown where a socket call cannot give what was asked for: a stable code and a sentence. It is counted under its code
 * where it happened; a journey that lets it through has failed, which is not a fault of the plan.
 */
export interface SocketFailure extends Error {
  readonly code: string
}

/** Bytes per second at which a receiver reads: `'10KB/s'`; `'paused'` does not read at all. */
export type ReadRate = `${number}${'B' | 'KB' | 'MB' | 'KiB' | 'MiB'}/s` | 'paused'

/** How messages become octets, and back; JSON texts when not given. */
export interface Codec<Message = unknown> {
  encode(message: Message): string | Uint8Array
  decode(data: string | Uint8Array): Message
}

/** Coming back by itself; `true` is the official Socket.IO client's back-off: 1 s, doubled up to 5 s, each ± 50 %. */
export interface ReconnectOptions {
  readonly delay?: Duration
  readonly maxDelay?: Duration
  /** ± share of each delay, 0 to 1. */
  readonly jitter?: number
  readonly attempts?: number
}

export interface WebSocketOptions<Message = unknown> {
  readonly subprotocols?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, string | number | boolean>>
  /** permessage-deflate; costs memory for each connection. */
  readonly deflate?: boolean
  readonly codec?: Codec<Message>
  /** The name of a message's event, for counts and deliveries; its `type` or `event` when not given. */
  readonly event?: (message: Message) => string | undefined
  readonly timeout?: Duration
  readonly reconnect?: boolean | ReconnectOptions
  readonly read?: ReadRate
  /** Sends a ping this often and records the round trip. */
  readonly ping?: Duration
  readonly maxMessage?: number
  /** The name in reports; the URL's path when not given. */
  readonly name?: string
}

export interface AnswerOptions {
  /** 10 s when not given. */
  readonly timeout?: Duration
  /** The name in reports. */
  readonly name?: string
}

export interface CutOptions {
  /** How long to stay away before coming back; never, where the socket does not reconnect. */
  readonly offline?: Duration
}

interface Socket {
  readonly open: boolean
  /** Octets that were sent and that the system has not taken yet. */
  readonly bufferedAmount: number
  /** A polite close. */
  close(): void
  /** Drops the TCP connection as a lost network does. Settles when it is back, or at once where it does not reconnect. */
  cut(options?: CutOptions): Promise<void>
  /** From now on reads at this rate, or `'paused'`; `undefined`: as fast as it can. */
  read(rate: ReadRate | undefined): void
}

/** A WebSocket. Iterating over it gives its messages until it closes. */
export interface UserWebSocket<Message = unknown> extends Socket, AsyncIterable<Message> {
  readonly subprotocol: string
  /** Settles when the system has taken the message: at once, unless its buffers are full. */
  send(message: unknown): Promise<void>
  /** Sends, and waits for the message that answers; the time is recorded under `name`, or the message's event. */
  request(message: unknown, isAnswer: (answer: Message) => boolean, options?: AnswerOptions): Promise<Message>
  waitFor(predicate: (message: Message) => boolean, options?: Duration | AnswerOptions): Promise<Message>
  on(what: 'message', listener: (message: Message) => void): void
  on(what: 'close', listener: (close: { readonly code: number; readonly reason: string }) => void): void
  /** Each time it has come back. */
  on(what: 'reconnect', listener: () => void): void
  /** Measures a round trip of ping and pong. */
  ping(): void
}

export interface SocketIoOptions {
  readonly auth?: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>)
  /** `['websocket']` when not given; the official client's own order is `['polling', 'websocket']`. */
  readonly transports?: readonly ('websocket' | 'polling')[]
  readonly path?: string
  readonly namespace?: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
  readonly headers?: Readonly<Record<string, string>>
  readonly parser?: 'json' | 'msgpack'
  readonly timeout?: Duration
  /** True when not given. */
  readonly reconnect?: boolean | ReconnectOptions
  readonly read?: ReadRate
  readonly maxMessage?: number
  readonly name?: string
}

export interface UserSocketIo extends Socket {
  readonly id: string
  /** Whether the server restored the state at the last reconnect. */
  readonly recovered: boolean
  emit(event: string, ...args: unknown[]): void
  /** Emits and waits for the acknowledgement, whose first argument it gives; timed under the event's name. */
  request<Answer = unknown>(event: string, payload?: unknown, options?: AnswerOptions): Promise<Answer>
  on(event: string, listener: (...args: never[]) => void): void
  waitFor<Payload = unknown>(
    event: string,
    options?: Duration | (AnswerOptions & { readonly where?: (payload: Payload) => boolean }),
  ): Promise<Payload>
  /** `disconnect` with the reason, `reconnect` each time it has come back. */
  onState(what: 'disconnect' | 'reconnect', listener: (reason: string) => void): void
}

export interface EventStreamOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, string | number | boolean>>
  readonly lastEventId?: string
  readonly timeout?: Duration
  readonly reconnect?: boolean
  readonly name?: string
}

/** A stream of server-sent events. Iterating over it gives them until it ends. */
export interface UserEventStream extends AsyncIterable<StreamEvent> {
  readonly open: boolean
  readonly lastEventId: string
  on(type: string, listener: (event: StreamEvent) => void): void
  waitFor(predicate: (event: StreamEvent) => boolean, options?: Duration | AnswerOptions): Promise<StreamEvent>
  close(): void
  cut(options?: CutOptions): Promise<void>
}

export interface StreamEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** The account of one kind of message, kept by hand; a plan's `deliveries` keep it by themselves. */
export interface Delivery {
  /** Asked to join: from here on it may get messages. Not needed where joining is quick. */
  joining(room: string): void
  /** Is a member; `seq` is the room's sequence number at that point, where the server tells it. */
  joined(room: string, seq?: number): void
  leaving(room: string): void
  left(room: string, seq?: number): void
  /** Before it is sent. `key` tells the message from all others of its room. */
  published(room: string, key: string): void
  /** What the server said to it: its number, or that it was refused. */
  confirmed(room: string, key: string, seq?: number): void
  refused(room: string, key: string): void
  received(room: string, key: string, seq?: number): void
}
