import { io as officialClient } from 'socket.io-client'
import * as msgpack from 'socket.io-msgpack-parser'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Client, connect, type Log, serve, soon } from './harness.ts'

type Sequence = (readonly unknown[])[]

/** What both clients can tell: without times, ids, and what only one of them calls so. */
interface Observed {
  readonly sequence: Sequence
  emit(event: string, ...args: unknown[]): void
  close(): void
}
type Open = (url: string, options: { transports: ('websocket' | 'polling')[]; parser?: 'msgpack' }) => Observed

const ours: Open = (url, options) => {
  const { socket, log }: Client = connect(url, { ...options, reconnect: soon })
  log.onEvent = (_name, _args, reply) => reply?.('reply', 1)
  return {
    get sequence() {
      return plain(log)
    },
    emit: (event, ...args) => socket.emit(event, args),
    close: () => socket.close(),
  }
}

const plain = (log: Log): Sequence =>
  log.entries.flatMap((entry): Sequence => {
    if (entry[0] === 'opened') return [['connect', entry[2] === true]]
    if (entry[0] === 'disconnected') return [['disconnect', entry[1]]]
    return entry[0] === 'event' ? [entry] : []
  })

const official: Open = (url, { transports, parser }) => {
  const sequence: Sequence = []
  const socket = officialClient(url, {
    transports,
    forceNew: true,
    reconnectionDelay: 5,
    reconnectionDelayMax: 5,
    ...(parser === undefined ? {} : { parser: msgpack }),
  })
  onTestFinished(() => {
    socket.close()
  })
  socket.on('connect', () => sequence.push(['connect', socket.recovered === true]))
  socket.on('disconnect', (reason) => sequence.push(['disconnect', reason]))
  socket.onAny((name: string, ...args: unknown[]) => {
    const reply = args.at(-1)
    if (typeof reply === 'function') {
      args.pop()
      reply('reply', 1)
    }
    sequence.push(['event', name, ...args])
  })
  return { sequence, emit: (event, ...args) => socket.emit(event, ...args), close: () => socket.close() }
}

/** One server, everything that a server does to a client, and what the client and the server have seen in the end. */
async function play(
  open: Open,
  options: Parameters<Open>[1],
  recovery: boolean,
): Promise<readonly [Sequence, Sequence]> {
  const { io, url } = await serve({
    ...(recovery ? { connectionStateRecovery: {} } : {}),
    ...(options.parser === undefined ? {} : { parser: msgpack }),
  })
  const seen: Sequence = []
  let connections = 0
  io.on('connection', (socket) => {
    const connection = connections++
    seen.push(['connection', connection, socket.recovered])
    socket.on('disconnect', (reason) => seen.push(['disconnect', connection, reason]))
    socket.onAny((...args) => {
      seen.push(args.filter((arg) => typeof arg !== 'function'))
    })
    socket.on('drop', () => socket.conn.close())
    socket.on('leave', () => socket.disconnect())
    socket.on('push', () => {
      socket.emit('none')
      socket.emit('values', 1, -0.5, 'ä😀', null, true, [{}], { a: { b: 'c' } })
      socket.emit('octets', Buffer.from([1, 2]), { deep: Buffer.from([3]) })
      socket.emit('ask', 'x', (...answer: unknown[]) => {
        seen.push(['answer', ...answer])
        socket.emit('done', connection)
      })
    })
  })
  const client = open(url, options)
  const until = async (what: string, times: number) => {
    while (client.sequence.filter(([kind, name]) => kind === what || name === what).length < times) {
      await new Promise(setImmediate)
    }
  }
  await until('connect', 1)
  client.emit('push', { some: ['payload', Buffer.from([9])] })
  await until('done', 1)
  client.emit('drop')
  await until('connect', 2)
  client.emit('push')
  await until('done', 2)
  client.emit('leave')
  await until('disconnect', 2)
  client.close()
  while (seen.filter(([what]) => what === 'disconnect').length < 2) await new Promise(setImmediate)
  // With recovery, events that want no answer end with an offset, which differs from run to run.
  const hasOffset = ([kind, name]: readonly unknown[]) => recovery && kind === 'event' && name !== 'ask'
  return [client.sequence.map((entry) => (hasOffset(entry) ? entry.slice(0, -1) : entry)), seen]
}

const cases: { transports: ('websocket' | 'polling')[]; parser?: 'msgpack' }[] = [
  { transports: ['websocket'] },
  { transports: ['polling'] },
  { transports: ['polling', 'websocket'] },
  { transports: ['websocket'], parser: 'msgpack' },
  { transports: ['polling'], parser: 'msgpack' },
]

describe.each(cases)(
  'the same server sees the same of both clients, and shows them the same: $transports $parser',
  (options) => {
    it('without recovery', async () => {
      const theirs = await play(official, options, false)
      expect(await play(ours, options, false)).toEqual(theirs)
      expect(theirs[0].length).toBeGreaterThan(10)
    })

    it('with recovery', async () => {
      expect(await play(ours, options, true)).toEqual(await play(official, options, true))
    })
  },
)
