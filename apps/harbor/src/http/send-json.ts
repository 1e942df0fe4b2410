import type { FastifyReply } from 'fastify'

/** Sends a text that is JSON already. */
export const sendJson = (reply: FastifyReply, json: string): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(json)
