import type { User, UserSocketIo } from 'plimsoll'
import { away, connectOptions, crowd, type Line, requestOptions } from './crowd.ts'

const lineOf = (user: User, socket: UserSocketIo): Line => ({
  ask: (event, payload) => socket.request(event, payload, requestOptions),
  on: (event, listener) => socket.on(event, listener),
  cut: () => socket.cut(away(user)),
})

export default crowd('Relay over Socket.IO', async (user) =>
  lineOf(user, await user.io('/', { auth: { member: user.id }, ...connectOptions })),
)
