import { EventEmitter } from 'node:events'
import type pg from 'pg'
import { expect, it } from 'vitest'
import { BreakerOpen, CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { watch } from './watched-pool.ts'

type Callback = (error: unknown, client?: unknown) => void

/** As much of pg's pool as is watched: connects and answers, or fails, in both of its forms. */
function fakePool() {
  const state = { failing: false, connects: 0 }
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
  const pool = Object.assign(new EventEmitter(), {
    connect(callback?: Callback) {
      state.connects += 1
      const client = {
        query: (...parameters: readonly unknown[]) => {
          const done = parameters.at(-1)
          return typeof done === 'function' ? done(null, 'rows') : Promise.resolve('rows')
        },
      }
      if (!state.failing) pool.emit('connect', client)
      if (callback) return callback(state.failing ? away : undefined, client)
      return state.failing ? Promise.reject(away) : Promise.resolve(client)
    },
  })
  const clock = { now: 0 }
  const seen: string[] = []
  const breaker = new CircuitBreaker({ name: 'Postgres', threshold: 2, pause: 100, now: () => clock.now })
  const watched = watch(pool as unknown as pg.Pool, breaker, (statement) => seen.push(statement))
  return { watched, state, clock, seen }
}

it('sees statements in both forms, by their names', async () => {
  const { watched, seen } = fakePool()
  const client = await watched.connect()
  expect(await client.query({ name: 'one', text: 'SELECT 1' })).toBe('rows')
  const rows = await new Promise((resolve) => client.query('SELECT 2', [], (_error, result) => resolve(result)))
  expect(rows).toBe('rows')
  expect(seen).toEqual(['one', 'other'])
})

it('connects no more after failures in a row, in both forms, and tries again after the pause', async () => {
  const { watched, state, clock } = fakePool()
  state.failing = true
  const byCallback = () => new Promise((resolve) => watched.connect((error) => resolve(error)))
  await expect(watched.connect()).rejects.toThrow('ECONNREFUSED')
  expect(await byCallback()).toMatchObject({ code: 'ECONNREFUSED' })
  for (let count = 0; count < 5; count += 1) {
    await expect(watched.connect()).rejects.toThrow(BreakerOpen)
    expect(await byCallback()).toBeInstanceOf(BreakerOpen)
  }
  expect(state.connects).toBe(2)
  clock.now = 100
  state.failing = false
  const client = await watched.connect()
  await client.query('SELECT 1')
  expect(await byCallback()).toBeUndefined()
})
