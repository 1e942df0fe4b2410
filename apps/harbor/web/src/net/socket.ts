import { Value } from '../state/value.ts'
import { ApiError } from './api.ts'
import { backoff } from './backoff.ts'
import { countLatency } from './client-metrics.ts'
import { noteLatency } from './conditions.ts'

export type ConnectionState = 'connected' | 'connecting' | 'offline'

interface Frame {
  readonly type: string
  readonly id?: number
  readonly ok?: boolean
  readonly error?: { readonly code: string; readonly message: string }
}

interface Question {
  readonly askedAt: number
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: ApiError) => void
}

/** In milliseconds, for an acknowledgement; a connection that is silent for longer is taken for dead. */
const patience = 10_000

const cut = () => new ApiError(0, 'offline', 'The connection was cut before the answer came.')

/** The plain WebSocket of harbor, which comes back by itself. The session's cookie signs it. */
export class Socket {
  readonly state = new Value<ConnectionState>('offline')
  /** Asked before a lost connection is tried again: false when there is no session any more. */
  #mayReturn: () => Promise<boolean> = async () => true
  #webSocket: WebSocket | undefined
  #wanted = false
  #failures = 0
  #lastId = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #returnAfter: number | undefined
  readonly #questions = new Map<number, Question>()
  readonly #listeners = new Map<string, Set<(payload: never) => void>>()

  constructor() {
    addEventListener('offline', () => this.#lose())
    addEventListener('online', () => this.#hurry())
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry())
  }

  start(mayReturn: () => Promise<boolean>): void {
    this.#mayReturn = mayReturn
    this.#wanted = true
    this.#open()
  }

  stop(): void {
    this.#wanted = false
    this.#lose()
  }

  /** @returns ends the listening */
  on<T>(type: string, listener: (payload: T) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** Resolves with the acknowledgement's fields. Throws an `ApiError`; its status is 0 when no answer came. */
  async ask<T>(type: string, payload: object): Promise<T> {
    const webSocket = this.#webSocket
    if (webSocket?.readyState !== WebSocket.OPEN) throw cut()
    const id = ++this.#lastId
    const answer = new Promise<Frame>((resolve, reject) => {
      this.#questions.set(id, { askedAt: performance.now(), resolve, reject })
    })
    webSocket.send(JSON.stringify({ type, id, ...payload }))
    const silence = setTimeout(() => this.#webSocket === webSocket && this.#lose(), patience)
    const frame = await answer.finally(() => clearTimeout(silence))
    if (frame.ok !== false) return frame as T
    const { code = 'unknown', message = 'Harbor refused this.' } = frame.error ?? {}
    const status = { too_many_requests: 429, unavailable: 503, forbidden: 403, not_found: 404 }[code] ?? 400
    throw new ApiError(status, code, message)
  }

  #open(): void {
    clearTimeout(this.#retry)
    if (!this.#wanted || this.#webSocket) return
    this.state.set(navigator.onLine ? 'connecting' : 'offline')
    if (!navigator.onLine) return
    const webSocket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws?batch=1`)
    this.#webSocket = webSocket
    webSocket.onopen = () => {
      this.#failures = 0
      this.state.set('connected')
    }
    webSocket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as Frame)
    webSocket.onclose = () => this.#webSocket === webSocket && this.#lose()
  }

  #receive(frame: Frame): void {
    if (frame.type === 'reconnect') this.#returnAfter = (frame as Frame & { after_ms: number }).after_ms
    if (frame.type !== 'ack') {
      for (const listener of this.#listeners.get(frame.type) ?? []) listener(frame as never)
      return
    }
    const question = this.#questions.get(frame.id ?? 0)
    if (question === undefined) return
    this.#questions.delete(frame.id ?? 0)
    const latency = performance.now() - question.askedAt
    noteLatency(latency)
    countLatency(latency)
    question.resolve(frame)
  }

  #lose(): void {
    const lost = this.#webSocket
    this.#webSocket = undefined
    if (lost) {
      lost.onopen = lost.onmessage = lost.onclose = null
      lost.close()
    }
    for (const { reject } of this.#questions.values()) reject(cut())
    this.#questions.clear()
    this.state.set(navigator.onLine && this.#wanted ? 'connecting' : 'offline')
    if (this.#wanted && navigator.onLine) this.#return()
  }

  #return(): void {
    const wait = this.#returnAfter ?? backoff(this.#failures++)
    this.#returnAfter = undefined
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => {
      this.#mayReturn().then(
        (may) => may && this.#open(),
        () => this.#return(),
      )
    }, wait)
  }

  /** The network is back, or someone looks again: no reason to wait any longer. */
  #hurry(): void {
    if (!this.#wanted || this.#webSocket) return
    this.#failures = 0
    this.#open()
  }
}

export const socket = new Socket()
