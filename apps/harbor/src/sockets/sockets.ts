import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Principal } from '../accounts/principal.ts'
import { tokenOf } from '../accounts/session-cookie.ts'
import { HttpError } from '../http/http-error.ts'
import { refuseUpgrade } from '../http/upgrades.ts'
import type { Part, Services } from '../part.ts'
import type { Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { dispatcher } from './dispatch.ts'
import { plainSockets } from './plain.ts'
import type { SocketEvents } from './socket-event.ts'
import { socketIo } from './socket-io.ts'

/** In bytes, of one event: an offline queue of document operations may be large. */
const maxPayload = 1024 * 1024

/** Socket.IO and plain WebSocket, with the same events: those that the other parts bring. */
export function sockets(
  { environment, sessions, metrics, log }: Pick<Services, 'environment' | 'sessions' | 'metrics' | 'log'>,
  events: SocketEvents,
  connected: (connection: Connection) => void,
): Part {
  const connections = new Connections(sessions, metrics.webSockets)
  const dispatch = dispatcher({ events, limited: environment.security.layers.has('ratelimit'), log })
  const opened = (connection: Connection) => {
    connections.add(connection)
    connected(connection)
  }
  const authenticate = async (token: unknown): Promise<Principal | undefined> =>
    typeof token === 'string' ? sessions.authenticate(token) : undefined

  const plain = plainSockets({ maxPayload, dispatch, opened })
  const io = socketIo({
    instance: environment.instance,
    maxPayload,
    origins: environment.security.origins,
    dispatch,
    opened,
    authenticate: ({ handshake }) => authenticate(handshake.auth['token'] ?? tokenOf(handshake.headers)),
  })

  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: '/socket.io/',
      schema: { hide: true },
      config: { longPoll: true },
      // Before anyone reads the body: Engine.IO does.
      onRequest: async (request, reply) => {
        reply.hijack()
        io.request(request.raw, reply.raw)
      },
      handler: () => undefined,
    })
  }

  return {
    name: 'sockets',
    routes,
    upgrades: {
      '/socket.io/': io.upgrade,
      '/ws': (request, socket, head) => {
        const { searchParams } = new URL(request.url ?? '/', 'http://harbor')
        void authenticate(searchParams.get('token') ?? tokenOf(request.headers)).then((principal) => {
          if (principal) plain.upgrade(request, socket, head, principal, searchParams.get('batch') === '1')
          else refuseUpgrade(socket, new HttpError(401, 'This needs a sign-in: /ws?token=…'))
        })
      },
    },
    drain: () => connections.drain(),
    close: async () => {
      plain.close()
      await io.close()
    },
  }
}
