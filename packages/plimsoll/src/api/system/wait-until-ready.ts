import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { seconds } from '../../base/units.ts'
import type { SystemSpec } from '../../plan/compiled.ts'
import { READY_POLL, type RunningSystem, systemFailed } from './start-system.ts'

/** Without a `ready` of its own: a system that we start has to come up, one that runs already only has to be there. */
const DEFAULT_TIMEOUT = { started: seconds(30), running: seconds(5) }

/**
 * Waits until the system answers its ready path with a status below 400, or, without one, until its port accepts.
 * @throws {PlimsollError} SYSTEM_NOT_READY with the last lines of its log when it ends or time runs out
 */
export async function waitUntilReady(
  url: string,
  spec: SystemSpec,
  system: RunningSystem,
  signal: AbortSignal,
): Promise<void> {
  const timeout = spec.ready?.timeout ?? (spec.start === undefined ? DEFAULT_TIMEOUT.running : DEFAULT_TIMEOUT.started)
  const deadline = performance.now() + timeout
  let ended: string | undefined
  void system.died.then((how) => {
    ended = how
  })
  let last = 'nothing answered yet'
  while (performance.now() < deadline && ended === undefined) {
    signal.throwIfAborted()
    const seen = spec.ready === undefined ? await lookAtPort(url) : await lookAtPath(new URL(spec.ready.path, url))
    if (seen === 'ready') return
    last = seen
    await delay(READY_POLL, undefined, { signal }).catch(() => undefined)
  }
  signal.throwIfAborted()
  const where = spec.ready === undefined ? url : new URL(spec.ready.path, url).href
  throw ended === undefined
    ? systemFailed('SYSTEM_NOT_READY', `the system was not ready within ${timeout / 1000} s: ${where}: ${last}`, system)
    : systemFailed('SYSTEM_NOT_READY', `the system ended before it was ready: ${ended}`, system)
}

function lookAtPath(url: URL): Promise<string> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const asked = request(url, { timeout: 2000, agent: false, rejectUnauthorized: false }, (answer) => {
      answer.resume()
      const { statusCode = 0 } = answer
      resolve(statusCode < 400 ? 'ready' : `it answered ${statusCode}`)
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer within 2 s')))
    asked.on('error', (error) => resolve(error.message))
    asked.end()
  })
}

async function lookAtPort(url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url)
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    timeout: 2000,
  })
  const seen = await new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('ready'))
    socket.once('timeout', () => resolve('no answer within 2 s'))
    socket.once('error', (error) => resolve(error.message))
  })
  socket.destroy()
  return seen
}
