import type { User, UserWebSocket } from 'plimsoll'
import { away, connectOptions, crowd, type Line, requestOptions } from './crowd.ts'

/** As the relay puts them: an event's fields beside its name; `re` is the request that is answered. */
interface Frame {
  readonly type: string
  readonly re?: number
}

function lineOf(user: User, socket: UserWebSocket<Frame>): Line {
  let requests = 0
  return {
    ask: (event, payload) => {
      const re = ++requests
      const isAnswer = (frame: Frame) => frame.re === re
      return socket.request({ type: event, re, ...payload }, isAnswer, requestOptions) as Promise<never>
    },
    on: (event, listener) =>
      socket.on('message', (frame) => {
        if (frame.type === event) listener(frame as never)
      }),
    cut: () => socket.cut(away(user)),
  }
}

export default crowd('Relay over WebSocket', async (user) =>
  lineOf(user, await user.ws<Frame>('/ws', { params: { member: user.id }, ...connectOptions })),
)
