import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Part, Upgrade } from '../part.ts'
import { pathOf, toHttpError } from './errors.ts'
import { HttpError } from './http-error.ts'

/**
 * Gives connections that ask for another protocol to the part that takes their path. They pass no hook of Fastify:
 * `admit` says, by throwing, who may not.
 * @returns cuts off those that are still open; `http.Server` no longer knows them
 */
export function routeUpgrades(
  server: Server,
  parts: readonly Part[],
  admit: (request: IncomingMessage) => Promise<void>,
): () => void {
  const taken = new Map<string, Upgrade>(parts.flatMap(({ upgrades = {} }) => Object.entries(upgrades)))
  const open = new Set<Duplex>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Until someone takes it, nobody else listens.
    const ignore = () => undefined
    socket.on('error', ignore)
    const path = pathOf(request.url ?? '/')
    const upgrade = taken.get(path)
    const admitted = upgrade ? admit(request) : Promise.reject(new HttpError(404, `There is no ${path} to upgrade to.`))
    admitted.then(
      () => {
        if (socket.destroyed) return
        upgrade?.(request, socket, head)
        socket.off('error', ignore)
      },
      (error: unknown) => refuseUpgrade(socket, toHttpError(error)),
    )
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}

/** Answers what asked for an upgrade, then closes: with the same envelope as everything else. */
export function refuseUpgrade(socket: Duplex, { status, headers, envelope }: HttpError): void {
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
