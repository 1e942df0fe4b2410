import type { Redis as Client } from 'ioredis'
import type { Logger } from 'pino'
import { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { connectClients } from './clients.ts'
import { Guard } from './guard.ts'
import { LocalKeyValue, LocalPubSub } from './in-process.ts'
import { insured } from './insured.ts'
import type { KeyValue, PubSub } from './key-value.ts'
import { RedisKeyValue } from './redis-key-value.ts'
import type { RedisObserver } from './redis-observer.ts'
import { RedisPubSub } from './redis-pub-sub.ts'

/** Redis, Valkey, or for a lone instance a stand-in in this process. */
export interface Redis {
  /** Rejects at once with a `RedisAway` while Redis is away. */
  readonly store: KeyValue
  /** While Redis is away, what this instance alone knows: for whatever should rather be inexact than fail. */
  readonly insured: KeyValue
  readonly pubSub: PubSub
  /** For libraries that bring their own commands; undefined for the stand-in. */
  readonly library: Library | undefined
  isReady(): boolean
  /** Calls back each time that Redis is back: hints were missed in between. */
  onReturn(listener: () => void): void
  /** One more who is told what commands cost. */
  observe(observer: RedisObserver): void
  close(): Promise<void>
}

export interface Library {
  readonly client: Client
  /**
   * Around each use of the client: fails at once, and counts, as `store` does.
   * @throws {RedisAway}
   */
  ask<T>(question: () => Promise<T>): Promise<T>
}

interface Options {
  readonly log: Logger
  readonly observer: RedisObserver
  /** In milliseconds: how long a command waits for its answer. */
  readonly commandTimeout?: number
}

/** Begins to connect; a Redis that is away is noticed, and survived, at each use. */
export function openRedis(url: string | undefined, options: Options): Redis {
  return url === undefined ? standIn() : connected(url, options)
}

function standIn(): Redis {
  const store = new LocalKeyValue()
  return {
    store,
    insured: store,
    pubSub: new LocalPubSub(),
    library: undefined,
    isReady: () => true,
    onReturn: () => undefined,
    observe: () => undefined,
    close: async () => undefined,
  }
}

function connected(url: string, { log, observer, commandTimeout = 500 }: Options): Redis {
  const returned: (() => void)[] = []
  const breaker = new CircuitBreaker({
    name: 'Redis',
    onChange: (open) =>
      log.warn(open ? 'Redis is away: limits and presence are kept by each instance' : 'Redis is back'),
  })
  const { commands, subscriber, close } = connectClients(url, commandTimeout, log)
  const observers = [observer]
  const guard = new Guard(breaker, {
    command: (milliseconds) => {
      for (const each of observers) each.command(milliseconds)
    },
    failure: () => {
      for (const each of observers) each.failure()
    },
  })
  const store = new RedisKeyValue(commands, guard)
  const pubSub = new RedisPubSub(commands, subscriber, guard)
  pubSub.onReturn(() => {
    for (const listener of returned) listener()
  })
  return {
    store,
    insured: insured(store, new LocalKeyValue()),
    pubSub,
    library: { client: commands, ask: (question) => guard.ask(question) },
    isReady: () => commands.status === 'ready' && subscriber.status === 'ready',
    onReturn: (listener) => void returned.push(listener),
    observe: (another) => void observers.push(another),
    close,
  }
}
