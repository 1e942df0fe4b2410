import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import { artilleryProgram } from '../tools/artillery.ts'
import { plimsollRun } from '../tools/plimsoll.ts'

export const MEMBERS = 1000

export type Protocol = 'WebSocket' | 'Socket.IO'

/** Who joins the room with a thousand members and receives what some of them publish, in one process. */
export interface Contender {
  readonly name: string
  readonly protocol: Protocol
  /** So many publish, each its next message when all members have this one: so many frames may come in one read. */
  readonly publishers: number
  readonly how: string
  readonly command: (url: string) => Command
}

const MANY = 4

const plimsollOver = (protocol: Protocol, publishers: number): Contender => ({
  name: 'Plimsoll',
  protocol,
  publishers,
  how: 'one worker; deliveries declared in the plan: the ledger accounts for every message at every member',
  command: (url) =>
    plimsollRun({
      plan: 'deliveries/deliveries.plan.ts',
      url,
      env: {
        PROTOCOL: protocol === 'Socket.IO' ? 'socketio' : 'ws',
        MEMBERS: `${MEMBERS}`,
        PUBLISHERS: `${publishers}`,
      },
    }),
})

const program =
  (file: string, publishers: number, ...more: string[]) =>
  (url: string): Command => ({
    argv: [process.execPath, inBenchmarks(`deliveries/${file}`), url, `${MEMBERS}`, `${publishers}`, ...more],
  })

const ws = (work: 'parsing' | 'counting', publishers: number): Contender => ({
  name: `ws, ${work}`,
  protocol: 'WebSocket',
  publishers,
  how:
    work === 'parsing'
      ? 'a program of its own: JSON.parse of every message, a counter'
      : 'the same, not looking at them',
  command: program('ws-receiver.mjs', publishers, work),
})

const socketIoClient = (publishers: number): Contender => ({
  name: 'socket.io-client',
  protocol: 'Socket.IO',
  publishers,
  how: 'a program of its own: a listener that counts',
  command: program('socketio-receiver.mjs', publishers),
})

const withPublishers = (publishers: number): readonly Contender[] => [
  plimsollOver('WebSocket', publishers),
  ws('parsing', publishers),
  ws('counting', publishers),
  plimsollOver('Socket.IO', publishers),
  socketIoClient(publishers),
]

/** Those whose tools are installed. */
export function contenders(tools: Options['tools']): readonly Contender[] {
  const has = (name: string) => tools.some((tool) => tool.name === name)
  const all = [...withPublishers(MANY), ...(has('Artillery') ? [artillerySocketIo] : []), ...withPublishers(1)]
  return all.filter(({ name }) => name !== 'Plimsoll' || has('Plimsoll'))
}

const artillerySocketIo: Contender = {
  name: 'Artillery',
  protocol: 'Socket.IO',
  publishers: MANY,
  how: 'its Socket.IO engine, one worker; the first four users emit in a loop, each with an acknowledgement',
  command: (url) => {
    const folder = newFolder()
    const processor = join(folder, 'roles.cjs')
    const script = join(folder, 'artillery.json')
    writeFileSync(processor, roles)
    const data = { room: 'lobby', key: 'm-receiver-0-00000{{ $loopCount }}', text: 'x'.repeat(32) }
    const emits = { emit: { channel: '{{ event }}', data }, acknowledge: {} }
    writeFileSync(
      script,
      JSON.stringify({
        config: {
          target: url.replace(/\/$/, ''),
          processor,
          variables: { event: ['room:join'] },
          socketio: { transports: ['websocket'] },
          phases: [{ duration: 1, arrivalCount: MEMBERS }],
        },
        scenarios: [{ engine: 'socketio', flow: [{ loop: [emits], whileTrue: 'publishes' }, { think: 600 }] }],
      }),
    )
    return artilleryProgram(['run', '--quiet', script])
  },
}

/**
 * Artillery's users cannot tell who they are, and a loop of its has one round before the first question: in that they join.
 * The first who ask are the publishers, for good.
 */
const roles = `
let asked = 0
exports.publishes = (context, done) => {
  context.vars.event = 'message:send'
  done((context.vars.role ??= asked++) < ${MANY})
}
`
