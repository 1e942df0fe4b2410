import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Part, Upgrade } from '../part.ts'
import { pathOf, toHttpError } from './errors.ts'
import { HttpError } from './http-error.ts'

/**
 * Gives connections that ask for another protocol to the part that takes their path. They pass no hook of Fastify:
 * `admit` says, by throwing, who may not.
 */
export function routeUpgrades(
  server: Server,
  parts: readonly Part[],
  admit: (request: IncomingMessage) => Promise<void>,
) {
  const taken = new Map<string, Upgrade>(parts.flatMap(({ upgrades = {} }) => Object.entries(upgrades)))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until someone takes it, nobody else listens.
    const ignore = () => undefined
    socket.on('error', ignore)
    const path = pathOf(request.url ?? '/')
    const upgrade = taken.get(path)
    const admitted = upgrade ? admit(request) : Promise.reject(new HttpError(404, `There is no ${path} to upgrade to.`))
    admitted.then(
      () => {
        socket.off('error', ignore)
        if (!socket.destroyed) upgrade?.(request, socket, head)
      },
      (error: unknown) => refuse(socket, toHttpError(error)),
    )
  })
}

/** Answers what asked for an upgrade, then closes: with the same envelope as everything else. */
function refuse(socket: Duplex, { status, headers, envelope }: HttpError): void {
  const body = JSON.stringify(envelope)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
