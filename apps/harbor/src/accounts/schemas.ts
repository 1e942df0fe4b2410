import { Type } from 'typebox'
import { QueryInteger } from '../http/validation.ts'

const strict = { additionalProperties: false }

const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@\\u0000-\\u001f]+$',
  description: 'Upper and lower case are the same.',
  examples: ['anna@example.org'],
})
const Address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: 'Of an Ethereum wallet.' })

export const Registration = Type.Object(
  {
    email: Email,
    password: Type.String({ minLength: 8, maxLength: 256 }),
    name: Type.String({ minLength: 1, maxLength: 100, description: 'For people.', examples: ['Anna'] }),
  },
  strict,
)

export const Login = Type.Object(
  {
    email: Type.Optional(Email),
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    address: Type.Optional(Address),
    signature: Type.Optional(
      Type.String({ pattern: '^0x[0-9a-fA-F]{130}$', description: 'EIP-191, of the message of /wallet/nonce.' }),
    ),
  },
  { ...strict, description: 'Either `email` and `password`, or `address` and `signature`.' },
)

export const WalletAddress = Type.Object({ address: Address }, strict)
export const Challenge = Type.Object({ message: Type.String({ description: 'To sign with personal_sign.' }) })

export const Refresh = Type.Object({ refresh_token: Type.String({ minLength: 1, maxLength: 1024 }) }, strict)

const Role = Type.Union([Type.Literal('member'), Type.Literal('admin')])
const Instant = Type.String({ format: 'date-time', description: 'UTC, with milliseconds.' })

const Self = Type.Object({
  id: Type.String({ format: 'uuid' }),
  email: Type.Union([Type.String(), Type.Null()]),
  address: Type.Union([Type.String(), Type.Null()]),
  name: Type.String(),
  role: Role,
  created_at: Instant,
})

export const SignedInAnswer = Type.Object({
  user: Self,
  token: Type.String({ description: 'For `Authorization: Bearer`; good for 24 hours.' }),
  refresh_token: Type.String({ description: 'For /api/auth/refresh, once; good for 30 days.' }),
})

export const Me = Type.Object({ user: Self })
export const Done = Type.Object({ ok: Type.Literal(true) })

export const UsersQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 100, description: 'The next_cursor of the page before.' })),
    limit: QueryInteger(1, 100, { default: 50, description: 'The most users in one answer.' }),
  },
  strict,
)

export const UsersPage = Type.Object({
  users: Type.Array(Type.Object({ id: Type.String({ format: 'uuid' }), name: Type.String(), created_at: Instant })),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  has_more: Type.Boolean(),
})
