import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isKnown } from '../http/etag.ts'
import { HttpError } from '../http/http-error.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import { sendJson } from '../http/send-json.ts'
import { requireStorable } from '../http/storable.ts'
import type { Part } from '../part.ts'
import type { Security } from '../security/security.ts'
import type { Passwords } from './passwords.ts'
import { principalOf, requireUser } from './principal.ts'
import {
  Challenge,
  Done,
  Login,
  Me,
  Refresh,
  Registration,
  SignedInAnswer,
  UsersPage,
  UsersQuery,
  WalletAddress,
} from './schemas.ts'
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts'
import type { OwnSessions } from './sessions.ts'
import { signIn } from './sign-in.ts'
import type { Signatures } from './signatures.ts'
import type { Tokens } from './tokens.ts'
import type { UserList } from './user-list.ts'
import type { SignedIn, User, Users } from './users.ts'
import type { Wallets } from './wallet.ts'

const tags = ['accounts']
const security = [{ session: [] }]
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }

interface Options {
  readonly users: Users
  readonly list: UserList
  readonly sessions: OwnSessions
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly wallets: Wallets
  readonly signatures: Signatures
  readonly security: Security
}

/** In seconds, of the seeds' layer of queries: a name that is a minute late harms nobody. */
const listAge = 60

/** Who someone is: signing up, in and out, and the list of all users. */
export function accounts(options: Options): Part {
  const { users, list, sessions, tokens, passwords, wallets, signatures, security: guard } = options
  const checkCredentials = signIn(options)

  function answer(request: FastifyRequest, reply: FastifyReply, { user, sessionId, generation }: SignedIn) {
    const token = tokens.issueAccess({ userId: user.id, name: user.name, role: user.role, sessionId })
    setSessionCookie(request, reply, token)
    return { user: self(user), token, refresh_token: tokens.issueRefresh({ sessionId, generation }) }
  }

  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.post(
      '/api/auth/register',
      { schema: { tags, body: Registration, response: { 201: SignedInAnswer, ...errors } } },
      async (request, reply) => {
        const { password, name } = request.body
        const email = request.body.email.toLowerCase()
        requireStorable('email', email)
        requireStorable('name', name)
        const made = await users.register(email, await passwords.hash(password), name)
        if (made === undefined) throw new HttpError(409, 'This email address is registered already.')
        guard.record({ kind: 'registered', userId: made.user.id, address: guard.addressOf(request.raw) })
        reply.code(201)
        return answer(request, reply, made)
      },
    )

    app.post(
      '/api/auth/wallet/nonce',
      { schema: { tags, body: WalletAddress, response: { 200: Challenge, ...errors } } },
      async ({ body }) => ({ message: await wallets.challenge(body.address.toLowerCase()) }),
    )

    app.post(
      '/api/auth/login',
      { schema: { tags, body: Login, response: { 200: SignedInAnswer, ...errors } } },
      async (request, reply) => {
        const address = guard.addressOf(request.raw)
        const userId = await checkCredentials(request.body, address)
        // A session of its own for each sign-in: one that someone else planted beforehand stays theirs.
        const begun = await sessions.begin(userId)
        guard.record({ kind: 'login_succeeded', userId, address })
        return answer(request, reply, begun)
      },
    )

    app.post(
      '/api/auth/refresh',
      { schema: { tags, body: Refresh, response: { 200: SignedInAnswer, ...errors } } },
      async (request, reply) => {
        const token = tokens.readRefresh(request.body.refresh_token)
        const session = token && (await sessions.refresh(token))
        if (session === 'reused') {
          guard.record({
            kind: 'refresh_token_reused',
            address: guard.addressOf(request.raw),
            details: { session: token?.sessionId ?? '' },
          })
        }
        if (session === undefined || session === 'reused') {
          throw new HttpError(401, 'The refresh token is not good, or was used before; sign in again.')
        }
        return answer(request, reply, session)
      },
    )

    app.post(
      '/api/auth/logout',
      { onRequest: requireUser, schema: { tags, security, response: { 200: Done, ...errors } } },
      async (request, reply) => {
        const { sessionId, userId } = principalOf(request)
        await sessions.end(sessionId)
        guard.record({ kind: 'logout', userId, address: guard.addressOf(request.raw) })
        clearSessionCookie(request, reply)
        return { ok: true as const }
      },
    )

    app.get(
      '/api/auth/me',
      { onRequest: requireUser, schema: { tags, security, response: { 200: Me, ...errors } } },
      async (request) => {
        const user = await users.get(principalOf(request).userId)
        if (user === undefined) throw new HttpError(401, 'This user is gone.')
        return { user: self(user) }
      },
    )

    app.get(
      '/api/users',
      {
        onRequest: requireUser,
        schema: { tags, security, querystring: UsersQuery, response: { 200: UsersPage, 304: Type.Null(), ...errors } },
      },
      async (request, reply) => {
        const version = await list.version()
        if (isKnown(request, reply, `users-${version}`, listAge)) return reply.send(null)
        const { cursor, limit } = request.query
        return sendJson(reply, await list.page(version, cursor, limit))
      },
    )
  }

  return {
    name: 'accounts',
    routes,
    close: async () => {
      sessions.close()
      await signatures.close()
    },
  }
}

const self = ({ id, email, address, name, role, createdAt }: User) => ({
  id,
  email: email ?? null,
  address: address ?? null,
  name,
  role,
  created_at: createdAt.toISOString(),
})
