import { beforeEach, expect, test, vi } from 'vitest'
import { millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { SocketBook } from './socket-book.ts'
import { SocketLife } from './socket-life.ts'

const at = millis
let recorder: Recorder
let sockets: SocketBook
let life: SocketLife
const reconnected = vi.fn()

beforeEach(() => {
  recorder = new Recorder()
  sockets = new SocketBook()
  reconnected.mockReset()
  const deliveries = { ledger: { reconnected } }
  life = new SocketLife({ recorder, sockets, deliveries } as never, 7, 'ws', '/ws')
})

test('a connection that is lost and comes back is timed from the loss to the return', () => {
  life.opened(at(0), at(5))
  life.gone(at(100), 'cut', true)
  expect(sockets.takeConnections()).toMatchObject([{ opened: 1, open: 0, away: 1, cut: 1 }])
  life.opened(at(2090), at(2100), true)
  expect(sockets.takeConnections()).toMatchObject([{ opened: 0, open: 1, away: 0, reconnected: 1, recovered: 1 }])
  expect(reconnected).toHaveBeenCalledExactlyOnceWith(7, 2100)
  const times = recorder.swap().series.map(({ metric, max }) => [metric, max])
  expect(times).toEqual([
    ['ws.connect_time', 10_000],
    ['reconnect.time', 2_000_000],
  ])
})

test('who is still away at the end was never back, and is known to have been away at least that long', () => {
  life.opened(at(0), at(5))
  life.gone(at(100), 'lost', true)
  life.over(at(1100))
  expect(sockets.takeConnections()).toMatchObject([{ away: 0, lost: 1, neverBack: 1 }])
  expect(recorder.swap().series.at(-1)).toMatchObject({ metric: 'reconnect.time', censored: 1, max: 1_000_000 })
})

test('a socket that the plan closes while it is away is not one that never came back', () => {
  life.opened(at(0), at(5))
  life.gone(at(100), 'lost', true)
  life.leave()
  life.over(at(1100))
  expect(sockets.takeConnections()).toMatchObject([{ away: 0, lost: 1, neverBack: 0 }])
})

test('an attempt that fails is a failed connect, with its code', () => {
  life.failed(at(0), at(3), new TransportError('CONNECT_REFUSED', 'nobody listens'))
  life.failed(at(0), at(9), new TransportError('TIMEOUT_CONNECT', 'no answer'))
  const { series, errors } = recorder.swap()
  expect(series).toMatchObject([{ metric: 'ws.connect_time', count: 2, failed: 2, censored: 1 }])
  expect(errors.map(({ code, name }) => `${code} ${name}`)).toEqual([
    'CONNECT_REFUSED ws /ws',
    'TIMEOUT_CONNECT ws /ws',
  ])
  expect(sockets.takeConnections()).toMatchObject([{ failed: 2, opened: 0 }])
})
