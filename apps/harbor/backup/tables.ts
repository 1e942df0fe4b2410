import type pg from 'pg'

export interface Table {
  readonly name: string
  /** Without those that Postgres computes. */
  readonly columns: readonly string[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
}

/** Records of migrations are made by migrating, not by restoring rows. */
const notBackedUp = 'harbor_migrations'

/**
 * All tables of the schema `public`, each after those that its foreign keys name.
 * @throws {Error} when a table has no primary key, for then its rows have no order
 */
export async function readTables(client: pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; key: string[] | null; needs: string[] }>(
    `SELECT c.relname AS name,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY a.attnum) AS columns,
       (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (number, place), pg_attribute a
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number) AS key,
       ARRAY(SELECT f.confrelid::regclass::text FROM pg_constraint f
             WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS needs
     FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> $1
     ORDER BY c.relname`,
    [notBackedUp],
  )
  const ordered: Table[] = []
  for (let left = rows; left.length > 0; ) {
    const isOrdered = (name: string) => ordered.some((table) => table.name === name)
    const ready = left.filter(({ needs }) => needs.every(isOrdered))
    if (ready.length === 0)
      throw new Error(`The foreign keys of ${left.map(({ name }) => name).join(', ')} go in a circle.`)
    for (const { name, columns, key } of ready) {
      if (key === null) throw new Error(`The table ${name} has no primary key.`)
      ordered.push({ name, columns, key })
    }
    left = left.filter((table) => !ready.includes(table))
  }
  return ordered
}

/** By the name of each sequence; read after the rows, so that it is past all of them. */
export async function readSequences(client: pg.ClientBase): Promise<Record<string, string | null>> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    `SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  )
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ')

/** Values are written the same on every server, so that their hashes are the same. */
export const settings = `
  SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET client_encoding = 'UTF8'; SET statement_timeout = 0; SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0`

/** A table's rows in the order of its key, in text form. */
export const copyOut = ({ name, columns, key }: Table): string =>
  `COPY (SELECT ${quotedList(columns)} FROM ${quoted(name)} ORDER BY ${quotedList(key)}) TO STDOUT`
