import type { Redis as Client } from 'ioredis'
import type { Guard } from './guard.ts'
import type { PubSub } from './key-value.ts'

type Listener = (message: string) => void

export class RedisPubSub implements PubSub {
  readonly #commands: Client
  readonly #subscriber: Client
  readonly #guard: Guard
  readonly #channels = new Map<string, Set<Listener>>()
  readonly #returned: (() => void)[] = []

  constructor(commands: Client, subscriber: Client, guard: Guard) {
    this.#commands = commands
    this.#subscriber = subscriber
    this.#guard = guard
    subscriber.on('message', (channel: string, message: string) => {
      for (const listener of this.#channels.get(channel) ?? []) listener(message)
    })
    subscriber.on('ready', () => void this.#begin())
  }

  async publish(channel: string, message: string) {
    await this.#guard.ask(() => this.#commands.publish(channel, message))
  }

  async subscribe(channel: string, listener: Listener) {
    const listeners = this.#channels.get(channel)
    if (listeners) listeners.add(listener)
    else this.#channels.set(channel, new Set([listener]))
    await this.#hold([channel])
    return () => this.#leave(channel, listener)
  }

  /** Calls back each time that all subscriptions hold, after a time in which they did not. */
  onReturn(listener: () => void): void {
    this.#returned.push(listener)
  }

  async #begin(): Promise<void> {
    await this.#hold([...this.#channels.keys()])
    for (const listener of this.#returned) listener()
  }

  /** When it fails the connection is gone, and its successor subscribes to everything. */
  async #hold(channels: readonly string[]): Promise<void> {
    if (channels.length === 0 || this.#subscriber.status !== 'ready') return
    await this.#subscriber.subscribe(...channels).catch(() => this.#subscriber.disconnect(true))
  }

  #leave(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    this.#channels.delete(channel)
    if (this.#subscriber.status === 'ready') this.#subscriber.unsubscribe(channel).catch(() => undefined)
  }
}
