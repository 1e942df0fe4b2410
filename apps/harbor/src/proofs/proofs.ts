import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Database } from '../database/database.ts'
import { HttpError } from '../http/http-error.ts'
import { ErrorAnswer } from '../http/openapi.ts'
import { requireStorable } from '../http/storable.ts'
import type { Part } from '../part.ts'
import { bearer } from './bearer.ts'
import { devices } from './devices.ts'
import { enrollmentTokens } from './enrollment-token.ts'
import { canonicalJson, NotCanonical } from './ledger/canonical-json.ts'
import { type LedgerEntry, proofId, sha256 } from './ledger/entry.ts'
import { openLedger } from './ledger/ledger.ts'
import {
  Enrolled,
  Enrollment,
  EntriesPage,
  EntriesQuery,
  LockedProof,
  LockProof,
  Verified,
  VerifyQuery,
} from './schemas.ts'

const tags = ['proofs']
const security = [{ enrollment: [] }]

/** Devices lock proofs into the ledger, and anyone can check that nothing in it was changed. */
export function proofs(database: Database, secret: string): Part {
  const enrolled = devices(database.pool, secret)
  const tokens = enrollmentTokens(secret)
  const ledger = openLedger(database)

  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.decorateRequest('deviceId', '')
    // Before the body is read: a stranger's megabyte is not.
    const onRequest = async (request: FastifyRequest) => {
      request.deviceId = bearer(request, tokens)
    }

    app.post(
      '/device/enroll',
      { schema: { tags, body: Enrollment, response: { 200: Enrolled, '4xx': ErrorAnswer, '5xx': ErrorAnswer } } },
      async ({ body }) => {
        for (const [name, value] of Object.entries(body)) requireStorable(name, value)
        if (!(await enrolled.enroll(body))) {
          throw new HttpError(401, 'This device is enrolled with another token.', {
            headers: { 'www-authenticate': 'Bearer' },
          })
        }
        return { enrollment_token: tokens.issue(body.device_id), device_id: body.device_id }
      },
    )

    app.post(
      '/lock-proof',
      {
        onRequest,
        schema: {
          tags,
          security,
          body: LockProof,
          response: { 200: LockedProof, '4xx': ErrorAnswer, '5xx': ErrorAnswer },
        },
      },
      async ({ body, deviceId }) => {
        requireStorable('capture_id', body.capture_id)
        requireStorable('proof_data', body.proof_data)
        const entry = await ledger.lock({
          deviceId,
          captureId: body.capture_id,
          proofHash: sha256(body.proof_data),
          metadata: canonicalMetadata(body.metadata),
        })
        return lockedProof(entry)
      },
    )

    app.get(
      '/ledger/entries',
      {
        onRequest,
        schema: {
          tags,
          security,
          querystring: EntriesQuery,
          response: { 200: EntriesPage, '4xx': ErrorAnswer, '5xx': ErrorAnswer },
        },
      },
      async ({ query: { after, limit } }) => {
        // One more than asked for says whether there is a next page.
        const found = await ledger.entries(after, limit + 1)
        const entries = found.slice(0, limit)
        return {
          entries: entries.map(listed),
          next: found.length > limit ? (entries.at(-1)?.sequence ?? null) : null,
        }
      },
    )

    app.get(
      '/ledger/verify',
      {
        schema: { tags, querystring: VerifyQuery, response: { 200: Verified, '4xx': ErrorAnswer, '5xx': ErrorAnswer } },
      },
      async ({ query: { from, to } }) => {
        if (from !== undefined && to !== undefined && from > to) {
          throw new HttpError(400, 'from must not be above to.', {
            details: [{ path: 'query/from', message: 'is above to' }],
          })
        }
        return ledger.verify(from, to)
      },
    )
  }

  return { name: 'proofs', routes, close: ledger.close }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it, on routes for enrolled devices. */
    deviceId: string
  }
}

function canonicalMetadata(metadata: unknown): string {
  try {
    return canonicalJson(metadata)
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error
    const details = [{ path: 'body/metadata', message: error.message }]
    throw new HttpError(400, `body/metadata ${error.message}.`, { details })
  }
}

const lockedProof = ({ sequence, hash, previousHash, lockedAt }: LedgerEntry) => ({
  proof_id: proofId(hash),
  sequence,
  hash: hash.toString('hex'),
  previous_hash: previousHash.toString('hex'),
  locked_at: lockedAt.toISOString(),
})

const listed = (entry: LedgerEntry) => ({
  ...lockedProof(entry),
  device_id: entry.deviceId,
  capture_id: entry.captureId,
  proof_hash: entry.proofHash.toString('hex'),
  metadata: JSON.parse(entry.metadata) as unknown,
})
