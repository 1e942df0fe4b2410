import type { Logger } from 'pino'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HttpError, unavailable } from '../http/http-error.ts'
import type { Connection } from './connection.ts'
import { dispatcher } from './dispatch.ts'
import { socketEvent } from './socket-event.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

function connect({ limited = true } = {}) {
  const logged: string[] = []
  const endings: string[] = []
  const log = { error: () => logged.push('error'), debug: () => logged.push('debug') }
  const connection = { end: (ending: string) => endings.push(ending) } as unknown as Connection
  const events = {
    say: socketEvent(Type.Object({ text: Type.String() }), async (_, { text }, answer) => {
      if (text === 'away') throw unavailable('Not now.')
      if (text === 'bug') throw new Error('a secret of harbor')
      if (text === 'taken') throw new HttpError(409, 'Taken.')
      answer({ said: text })
    }),
  }
  const dispatch = dispatcher({ events, limited, log: log as unknown as Logger })(connection)
  const send = (name: unknown, payload: unknown): Promise<unknown> =>
    new Promise((resolve) => dispatch(name, payload, resolve))
  return { send, logged, endings }
}

const refused = (code: string, message: unknown = expect.any(String)) => ({ ok: false, error: { code, message } })

describe('an event', () => {
  it('is answered by whoever handles it', async () => {
    expect(await connect().send('say', { text: 'hello' })).toEqual({ ok: true, said: 'hello' })
  })

  it('that is refused says why, and what went wrong inside says nothing', async () => {
    const { send, logged, endings } = connect()
    expect(await send('say', { text: 'taken' })).toEqual(refused('conflict', 'Taken.'))
    expect(await send('say', { text: 'away' })).toEqual(refused('unavailable', 'Not now.'))
    expect(await send('say', { text: 'bug' })).toEqual(refused('internal', expect.not.stringContaining('secret')))
    expect(logged).toEqual(['debug', 'error'])
    expect(endings).toEqual([])
  })

  it.each([
    ['__proto__', {}],
    ['constructor', {}],
    [undefined, {}],
    ['say', { text: 1 }],
    ['say', undefined],
  ])('%s of %j makes no sense', async (name, payload) => {
    expect(await connect().send(name, payload)).toEqual(refused('invalid_request'))
  })
})

describe('a client', () => {
  it('that talks nonsense is put up with twenty times, and once more each second', async () => {
    const { send, endings } = connect()
    for (let i = 0; i < 20; i++) await send('nonsense', {})
    expect(endings).toEqual([])
    vi.advanceTimersByTime(1000)
    await send('nonsense', {})
    expect(endings).toEqual([])
    await send('nonsense', {})
    expect(endings).toEqual(['offences'])
  })

  it('that floods is refused beyond a thousand events at once, and goes on a second later', async () => {
    const { send } = connect()
    for (let i = 0; i < 1000; i++) expect(await send('say', { text: 'x' })).toMatchObject({ ok: true })
    expect(await send('say', { text: 'x' })).toEqual(refused('too_many_requests'))
    vi.advanceTimersByTime(1000)
    for (let i = 0; i < 200; i++) expect(await send('say', { text: 'x' })).toMatchObject({ ok: true })
    expect(await send('say', { text: 'x' })).toEqual(refused('too_many_requests'))
  })

  it('is not counted where limits are off', async () => {
    const { send } = connect({ limited: false })
    for (let i = 0; i < 1500; i++) expect(await send('say', { text: 'x' })).toMatchObject({ ok: true })
  })
})
