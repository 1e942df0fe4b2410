import type { Pool } from 'pg'
import type { Role } from './principal.ts'

export interface User {
  readonly id: string
  /** Grows with each user. */
  readonly number: number
  readonly email: string | undefined
  readonly address: string | undefined
  readonly name: string
  readonly role: Role
  readonly createdAt: Date
}

export interface SignedIn {
  readonly user: User
  readonly sessionId: string
  readonly generation: number
}

interface Credentials {
  readonly id: string
  /** As PHC string. */
  readonly passwordHash: string
}

export interface Users {
  /** Makes a user and signs it in; undefined when the email address is taken. */
  register(email: string, passwordHash: string, name: string): Promise<SignedIn | undefined>
  credentials(email: string): Promise<Credentials | undefined>
  /** The owner of the wallet, who is made when it comes for the first time. */
  ofWallet(address: string, name: string): Promise<string>
  get(id: string): Promise<User | undefined>
  /** Changes whenever a page of users may. */
  version(): Promise<string>
  /** Those with a number above `after`, in the order of their numbers. */
  page(from: Pool, after: number, limit: number): Promise<readonly User[]>
  adminEmails(): Promise<readonly string[]>
  toUser(row: UserRow): User
}

export interface UserRow {
  readonly id: string
  readonly number: string
  readonly email: string | null
  readonly wallet_address: string | null
  readonly name: string
  readonly role: Role
  readonly created_at: Date
}

export const userColumns = 'u.id, u.number, u.email, u.wallet_address, u.name, u.role, u.created_at'

const next = `
  WITH next AS (
    UPDATE user_numbers SET last = last + 1
    RETURNING last AS number, CASE last WHEN 1 THEN 'admin' ELSE 'member' END AS role
  )`

/** @param adminEmail who is the admin; the first user if not given */
export function openUsers(pool: Pool, adminEmail: string | undefined): Users {
  const toUser = (row: UserRow): User => ({
    id: row.id,
    number: Number(row.number),
    email: row.email ?? undefined,
    address: row.wallet_address ?? undefined,
    name: row.name,
    role: adminEmail === undefined ? row.role : row.email === adminEmail ? 'admin' : 'member',
    createdAt: row.created_at,
  })

  return {
    toUser,
    async register(email, passwordHash, name) {
      const { rows } = await pool.query<UserRow & { session_id: string }>({
        name: 'user-register',
        text: `${next},
          u AS (
            INSERT INTO users (email, password_hash, name, number, role) SELECT $1, $2, $3, number, role FROM next
            ON CONFLICT (email) DO NOTHING RETURNING *
          ),
          s AS (
            INSERT INTO user_sessions (user_id, expires_at) SELECT id, clock_timestamp() + interval '30 days' FROM u
            RETURNING id
          )
          SELECT ${userColumns}, s.id AS session_id FROM u, s`,
        values: [email, passwordHash, name],
      })
      const [row] = rows
      return row && { user: toUser(row), sessionId: row.session_id, generation: 0 }
    },
    async credentials(email) {
      const { rows } = await pool.query<{ id: string; password_hash: string }>({
        name: 'user-credentials',
        text: 'SELECT id, password_hash FROM users WHERE email = $1',
        values: [email],
      })
      const [row] = rows
      return row && { id: row.id, passwordHash: row.password_hash }
    },
    async ofWallet(address, name) {
      const { rows: known } = await pool.query<{ id: string }>({
        name: 'user-of-wallet',
        text: 'SELECT id FROM users WHERE wallet_address = $1',
        values: [address],
      })
      if (known[0]) return known[0].id
      const { rows: made } = await pool.query<{ id: string }>({
        name: 'user-make-for-wallet',
        // The update changes nothing, but makes the row come back that someone else has just made.
        text: `${next}
          INSERT INTO users (wallet_address, name, number, role) SELECT $1, $2, number, role FROM next
          ON CONFLICT (wallet_address) DO UPDATE SET wallet_address = excluded.wallet_address
          RETURNING id`,
        values: [address, name],
      })
      if (made[0]) return made[0].id
      throw new Error(`no user for the wallet ${address}`)
    },
    async get(id) {
      const { rows } = await pool.query<UserRow>({
        name: 'user-get',
        text: `SELECT ${userColumns} FROM users u WHERE id = $1`,
        values: [id],
      })
      return rows[0] && toUser(rows[0])
    },
    async version() {
      const { rows } = await pool.query<{ newest: string | null }>({
        name: 'users-version',
        text: 'SELECT max(number) AS newest FROM users',
      })
      return rows[0]?.newest ?? '0'
    },
    async page(from, after, limit) {
      const { rows } = await from.query<UserRow>({
        name: 'users-page',
        text: `SELECT ${userColumns} FROM users u WHERE number > $1 ORDER BY number LIMIT $2`,
        values: [after, limit],
      })
      return rows.map(toUser)
    },
    async adminEmails() {
      if (adminEmail !== undefined) return [adminEmail]
      const { rows } = await pool.query<{ email: string }>({
        name: 'users-admins',
        text: `SELECT email FROM users WHERE role = 'admin' AND email IS NOT NULL LIMIT 10`,
      })
      return rows.map(({ email }) => email)
    },
  }
}
