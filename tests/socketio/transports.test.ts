import { describe, expect, it } from 'vitest'
import { connect, request, serve, serverClasses } from './harness.ts'

const ways = [['websocket'], ['polling'], ['polling', 'websocket']] as const

describe.each(Object.entries(serverClasses))('%s', (_name, createClass) => {
  describe.each(ways.map((transports) => [transports.join(', '), transports] as const))(
    'over %s',
    (_way, transports) => {
      it('opens, and says when', async () => {
        const { io, url } = await serve({}, createClass)
        const ids: string[] = []
        io.on('connection', (socket) => ids.push(socket.id))
        const { socket, log } = connect(url, { transports })
        expect(socket.state).toBe('connecting')
        await log.until('opened')
        expect(socket.state).toBe('open')
        expect([socket.id]).toEqual(ids)
        expect(log.entries[0]).toEqual(['opened', transports[0], undefined])
        const [times] = log.times
        expect(times?.engineOpenAt).toBeGreaterThanOrEqual(times?.askedAt ?? Number.POSITIVE_INFINITY)
        expect(times?.openAt).toBeGreaterThanOrEqual(times?.engineOpenAt ?? Number.POSITIVE_INFINITY)
      })

      it('carries events and acknowledgements both ways, text and octets', async () => {
        const { io, url } = await serve({}, createClass)
        const replies: unknown[] = []
        io.on('connection', (socket) => {
          socket.on('echo', (...args) => {
            const acknowledge = args.pop() as (...values: unknown[]) => void
            acknowledge(...args)
          })
          socket.on('say', (...args) => socket.emit('said', ...args))
          socket.on('ask', () => socket.emit('question', 'why?', (...values: unknown[]) => replies.push(values)))
          socket.on('replied', (acknowledge: (values: unknown) => void) => acknowledge(replies.length))
        })
        const { socket, log } = connect(url, { transports })
        log.onEvent = (name, _args, reply) => {
          if (name !== 'question') return
          reply?.('because', Buffer.from([7]))
          reply?.('twice')
        }
        await log.until('opened')
        const octets = Buffer.from([0, 30, 255])
        for (const args of [[], ['ä€😀 \u001e', { a: [1, null] }], [octets, { deep: [octets] }]]) {
          expect(await request(socket, 'echo', args)).toEqual(args)
          socket.emit('say', args)
          await log.until(() => log.events('said').length > 0)
          expect(log.entries.pop()).toEqual(['event', 'said', ...args])
        }
        socket.emit('ask', [])
        await log.until(() => log.events('question').length > 0)
        expect(await request(socket, 'replied', [])).toEqual([1])
        expect(replies).toEqual([['because', Buffer.from([7])]])
      })

      it('joins a namespace of its own', async () => {
        const { io, url } = await serve({}, createClass)
        io.of('/chat').on('connection', (socket) => socket.on('echo', (value, acknowledge) => acknowledge(value)))
        const { socket, log } = connect(url, { transports, namespace: '/chat' })
        await log.until('opened')
        expect(await request(socket, 'echo', ['x'])).toEqual(['x'])
      })

      it('is refused with the server’s message', async () => {
        const { io, url } = await serve({}, createClass)
        const seen: unknown[] = []
        io.use((socket, next) => {
          seen.push(socket.handshake.auth)
          next(new Error('token is too old'))
        })
        const { socket, log } = connect(url, { transports, auth: () => ({ token: 'abc' }), reconnect: undefined })
        await log.until('failed')
        expect(log.entries).toEqual([['failed', 'SOCKETIO_REFUSED', false]])
        expect(log.errors[0]?.message).toBe('token is too old')
        expect(seen).toEqual([{ token: 'abc' }])
        expect(socket.state).toBe('closed')
      })

      it('fails for a namespace that is not there', async () => {
        const { url } = await serve({}, createClass)
        const { log } = connect(url, { transports, namespace: '/nowhere' })
        await log.until('failed')
        expect(log.errors[0]).toMatchObject({ code: 'SOCKETIO_REFUSED', message: 'Invalid namespace' })
      })

      it('sends its headers, query and path', async () => {
        const { io, url } = await serve({ path: '/deep/io' }, createClass)
        const { log } = connect(url, { transports, path: 'deep/io', headers: { 'x-a': 'b' }, query: { room: 'ü 1' } })
        await log.until('opened')
        const [socket] = io.of('/').sockets.values()
        expect(socket?.handshake.headers['x-a']).toBe('b')
        expect(socket?.handshake.query).toMatchObject({ room: 'ü 1', EIO: '4' })
      })

      it('leaves politely', async () => {
        const { io, url } = await serve({}, createClass)
        const left = new Promise((resolve) => io.on('connection', (socket) => socket.on('disconnect', resolve)))
        const { socket, log } = connect(url, { transports })
        await log.until('opened')
        socket.close()
        expect(log.entries.at(-1)).toEqual(['disconnected', 'io client disconnect', 'us', undefined, false])
        expect(await left).toBe('client namespace disconnect')
        expect(() => socket.emit('late', [])).toThrow(/socket is closed/)
      })

      it('counts its octets', async () => {
        const { io, url } = await serve({}, createClass)
        io.on('connection', (socket) => socket.on('echo', (value, acknowledge) => acknowledge(value)))
        const { socket, log } = connect(url, { transports })
        await log.until('opened')
        socket.takeTraffic()
        await request(socket, 'echo', ['x'.repeat(5000)])
        const { sent, received } = socket.takeTraffic()
        expect(sent).toBeGreaterThan(5000)
        expect(received).toBeGreaterThan(transports[0] === 'websocket' ? 5000 : 0)
      })
    },
  )

  it('is upgraded with nothing lost or out of order, however much is under way', async () => {
    const { io, url } = await serve({ maxHttpBufferSize: 2000 }, createClass)
    const received: number[] = []
    io.on('connection', (socket) => {
      socket.on('number', (value: number) => received.push(value))
      for (let i = 0; i < 50; i++) socket.emit('number', i)
      socket.conn.on('upgrade', () => {
        for (let i = 200; i < 250; i++) socket.emit('number', i)
      })
      let sent = 50
      const more = () => {
        if (sent < 200) {
          socket.emit('number', sent++)
          setImmediate(more)
        }
      }
      more()
    })
    const { socket, log } = connect(url, { transports: ['polling', 'websocket'] })
    await log.until('opened')
    let sent = 0
    const more = () => {
      for (let i = 0; i < 5 && sent < 400; i++) socket.emit('number', [sent++])
      if (sent < 400) setImmediate(more)
    }
    more()
    await log.until('upgraded')
    expect(socket.transport).toBe('websocket')
    await log.until(() => log.events('number').length >= 250)
    while (received.length < 400) await new Promise(setImmediate)
    const sorted = (values: unknown[]) => [...(values as number[])].sort((a, b) => a - b)
    expect(received).toEqual(Array.from({ length: 400 }, (_, i) => i))
    expect(sorted(log.events('number'))).toEqual(Array.from({ length: 250 }, (_, i) => i))
    expect(log.events('number').filter((value) => (value as number) < 200)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    )
  })

  it('goes back to the same server of several, by the cookie that its handshake set', async () => {
    const { io, http, url } = await serve({ cookie: true } as object, createClass)
    const cookies: (string | undefined)[] = []
    io.engine.on('connection', (connection: { id: string }) => cookies.push(`io=${connection.id}`))
    const upgraded = new Promise<string | undefined>((resolve) =>
      http.prependListener('upgrade', ({ headers }) => resolve(headers.cookie)),
    )
    const { log } = connect(url, { transports: ['polling', 'websocket'] })
    await log.until('upgraded')
    expect([await upgraded]).toEqual(cookies)
  })

  it('goes on polling when the server offers no upgrade', async () => {
    const { io, url } = await serve({ allowUpgrades: false }, createClass)
    io.on('connection', (socket) => socket.on('echo', (value, acknowledge) => acknowledge(value)))
    const { socket, log, shared } = connect(url, { transports: ['polling', 'websocket'] })
    await log.until('opened')
    expect(shared.inFlight).toBe(0)
    for (let i = 0; i < 10; i++) expect(await request(socket, 'echo', [i])).toEqual([i])
    expect(log.entries).toEqual([['opened', 'polling', undefined]])
    expect(socket.transport).toBe('polling')
  })
})
