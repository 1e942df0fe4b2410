import { Type } from 'typebox'
import { Label, QueryInteger } from '../http/validation.ts'

const strict = { additionalProperties: false }

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Sequence = Type.Integer({ minimum: 1 })
const Instant = Type.String({ format: 'date-time', description: 'UTC, with milliseconds.' })

export const Enrollment = Type.Object(
  {
    device_id: Label('Chosen by the device; the same at every enrollment.', 'device-123'),
    device_token: Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'The secret that proves it is that device.',
    }),
    device_name: Label('For people.', 'iPhone'),
    os_version: Label('For people.', '17.1'),
  },
  strict,
)

export const Enrolled = Type.Object({ enrollment_token: Type.String(), device_id: Type.String() })

export const LockProof = Type.Object(
  {
    capture_id: Label('One for each capture: locked once, whoever asks how often.', 'capture-123'),
    proof_data: Type.String({ minLength: 1, description: 'Not kept: the ledger holds its SHA-256.' }),
    metadata: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Kept and hashed as canonical JSON (RFC 8785).',
    }),
  },
  strict,
)

export const LockedProof = Type.Object({
  proof_id: Type.String({ format: 'uuid' }),
  sequence: Sequence,
  hash: Sha256,
  previous_hash: Sha256,
  locked_at: Instant,
})

export const EntriesQuery = Type.Object(
  {
    after: QueryInteger(0, Number.MAX_SAFE_INTEGER, { default: 0, description: 'Entries above this sequence.' }),
    limit: QueryInteger(1, 100, { default: 50, description: 'The most entries in one answer.' }),
  },
  strict,
)

export const EntriesPage = Type.Object({
  entries: Type.Array(
    Type.Object({
      proof_id: Type.String({ format: 'uuid' }),
      sequence: Sequence,
      device_id: Type.String(),
      capture_id: Type.String(),
      proof_hash: Sha256,
      metadata: Type.Unknown(),
      locked_at: Instant,
      previous_hash: Sha256,
      hash: Sha256,
    }),
  ),
  next: Type.Union([Sequence, Type.Null()], { description: 'The next `after`; null when there is no more for now.' }),
})

const Bound = (description: string) => Type.Optional(QueryInteger(1, Number.MAX_SAFE_INTEGER, { description }))

export const VerifyQuery = Type.Object(
  { from: Bound('The first sequence; 1 if not given.'), to: Bound('The last sequence; the newest if not given.') },
  strict,
)

export const Verified = Type.Object({
  valid: Type.Boolean(),
  checked: Type.Integer({ minimum: 0 }),
  first_broken: Type.Union([Sequence, Type.Null()]),
})
