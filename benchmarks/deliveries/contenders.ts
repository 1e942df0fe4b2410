import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import { artilleryProgram } from '../tools/artillery.ts'
import { plimsollRun } from '../tools/plimsoll.ts'

export const MEMBERS = 1000
/** Each sends its next message when all members have this one: so many copies are under way at a member, at most. */
export const PUBLISHERS = 4

export type Protocol = 'WebSocket' | 'Socket.IO'

/** Who joins the room with a thousand members and receives what four of them publish, in one process. */
export interface Contender {
  readonly name: string
  readonly protocol: Protocol
  readonly how: string
  readonly command: (url: string) => Command
}

const sizes = [`${MEMBERS}`, `${PUBLISHERS}`]
const receiver = (file: string, url: string, ...more: string[]): Command => ({
  argv: [process.execPath, inBenchmarks(`deliveries/${file}`), url, ...sizes, ...more],
})

const plimsollOver = (protocol: Protocol): Contender => ({
  name: `Plimsoll, ${protocol}`,
  protocol,
  how: 'one worker; deliveries declared in the plan: the ledger accounts for every message at every member',
  command: (url) =>
    plimsollRun({
      plan: 'deliveries/deliveries.plan.ts',
      url,
      env: {
        PROTOCOL: protocol === 'Socket.IO' ? 'socketio' : 'ws',
        MEMBERS: `${MEMBERS}`,
        PUBLISHERS: `${PUBLISHERS}`,
      },
    }),
})

const others: readonly Contender[] = [
  {
    name: 'ws, parsing',
    protocol: 'WebSocket',
    how: 'a program of its own: JSON.parse of every message, and a counter',
    command: (url) => receiver('ws-receiver.mjs', url, 'parse'),
  },
  {
    name: 'ws, counting',
    protocol: 'WebSocket',
    how: 'the same without looking into messages',
    command: (url) => receiver('ws-receiver.mjs', url, 'count'),
  },
  {
    name: 'socket.io-client',
    protocol: 'Socket.IO',
    how: 'a program of its own: a listener that counts',
    command: (url) => receiver('socketio-receiver.mjs', url),
  },
]

/** Plimsoll comes first where it is installed, Artillery last. */
export const contenders = (tools: Options['tools']): readonly Contender[] => [
  ...(tools.some(({ name }) => name === 'Plimsoll') ? [plimsollOver('WebSocket'), plimsollOver('Socket.IO')] : []),
  ...others,
  ...(tools.some(({ name }) => name === 'Artillery') ? [artillerySocketIo] : []),
]

const artillerySocketIo: Contender = {
  name: 'Artillery',
  protocol: 'Socket.IO',
  how: 'its Socket.IO engine, one worker; the first four users emit in a loop, each with an acknowledgement',
  command: (url) => {
    const folder = newFolder()
    const processor = join(folder, 'roles.cjs')
    const script = join(folder, 'artillery.json')
    writeFileSync(processor, roles)
    const emit = (channel: string, data: unknown) => ({ emit: { channel, data }, acknowledge: {} })
    const joins = emit('room:join', { room: 'lobby' })
    const sends = emit('message:send', { room: 'lobby', key: 'm-{{ $loopCount }}', text: 'x'.repeat(40) })
    writeFileSync(
      script,
      JSON.stringify({
        config: {
          target: url.replace(/\/$/, ''),
          processor,
          socketio: { transports: ['websocket'] },
          phases: [{ duration: 1, arrivalCount: MEMBERS }],
        },
        scenarios: [{ engine: 'socketio', flow: [joins, { loop: [sends], whileTrue: 'publishes' }, { think: 600 }] }],
      }),
    )
    return artilleryProgram(['run', '--quiet', script])
  },
}

/** Artillery's users cannot tell who they are: the first ones that ask are its publishers, for good. */
const roles = `
let asked = 0
exports.publishes = (context, done) => done((context.vars.role ??= asked++) < ${PUBLISHERS})
`
