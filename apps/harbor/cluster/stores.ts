import { connect } from 'node:net'
import { pino } from 'pino'
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import type { Print } from './output.ts'
import { Service } from './service.ts'

/** What instances share, and how to stop what was started for them. */
export interface Store {
  readonly url: string
  stop(): Promise<void>
}

/** The embedded Postgres, as a single harbor would run it. */
export function startPostgres(dataFolder: string, print: Print): Promise<Store> {
  const write = (line: string) => {
    const { msg } = JSON.parse(line) as { msg: string }
    print(msg)
  }
  return startEmbeddedPostgres(dataFolder, pino({ level: 'info' }, { write }))
}

/** A Redis that keeps nothing on disk: all that matters is in Postgres. */
export async function startRedis(program: string, port: number, print: Print): Promise<Store> {
  const service = new Service({
    name: 'redis',
    program,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--loglevel', 'warning'],
    print,
    isReady: () => accepts(port),
    patience: 5_000,
  })
  await service.start()
  return { url: `redis://127.0.0.1:${port}`, stop: () => service.stop() }
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
