import type pg from 'pg'
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { isUnavailable } from './unavailable.ts'

/**
 * Told of every statement that was answered: the name given to pg, or `other`, its time in seconds, and the rows it gave
 * or changed; undefined when it failed.
 */
export type QueryObserver = (statement: string, seconds: number, rows: number | undefined) => void

type Settled = (error: unknown, result?: unknown) => void
type Callback = (error: unknown, ...results: readonly unknown[]) => void
type Call = (...parameters: readonly unknown[]) => unknown

/**
 * Puts a breaker before a pool's connections and a watch on all their statements. pg takes callbacks and gives promises,
 * in the same methods, and its pool calls its own `connect` with a callback: both forms are seen.
 */
export function watch(pool: pg.Pool, breaker: CircuitBreaker, observe: QueryObserver): pg.Pool {
  const learn: Settled = (error) => {
    if (error === undefined || error === null) breaker.succeed()
    else if (isUnavailable(error)) breaker.fail()
  }

  const connect = pool.connect.bind(pool) as Call
  pool.connect = ((...parameters: readonly unknown[]) => {
    try {
      breaker.enter()
    } catch (error) {
      const [callback] = parameters
      if (typeof callback !== 'function') return Promise.reject(error)
      process.nextTick(callback as Callback, error)
      return undefined
    }
    // A connection from the pool says nothing about Postgres; its next statement does.
    return settling(connect, parameters, (error) => error && learn(error))
  }) as pg.Pool['connect']

  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Call
    client.query = ((...parameters: readonly unknown[]) => {
      const began = performance.now()
      return settling(query, parameters, (error, result) => {
        learn(error)
        observe(nameOf(parameters[0]), (performance.now() - began) / 1000, rowsOf(result))
      })
    }) as pg.PoolClient['query']
  })
  return pool
}

/** Calls `call`, and `settled` before its callback or its promise's. */
function settling(call: Call, parameters: readonly unknown[], settled: Settled): unknown {
  const last = parameters.at(-1)
  if (typeof last === 'function') {
    return call(...parameters.slice(0, -1), (error: unknown, ...results: readonly unknown[]) => {
      settled(error, results[0])
      ;(last as Callback)(error, ...results)
    })
  }
  const promise = call(...parameters)
  if (promise instanceof Promise)
    promise.then(
      (result) => settled(undefined, result),
      (error) => settled(error),
    )
  return promise
}

function rowsOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('rowCount' in result)) return undefined
  return typeof result.rowCount === 'number' ? result.rowCount : undefined
}

function nameOf(query: unknown): string {
  if (typeof query === 'object' && query !== null && 'name' in query && typeof query.name === 'string')
    return query.name
  return 'other'
}
