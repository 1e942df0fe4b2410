import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Entry, type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.stop())

/** Fails unless these are all entries of a sound ledger, in order. */
function expectChain(entries: readonly Entry[], length: number) {
  expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length }, (_, index) => index + 1))
  expect(entries[0]?.previous_hash).toBe('0'.repeat(64))
  for (const [index, entry] of entries.entries()) {
    if (index > 0) expect(entry.previous_hash).toBe(entries[index - 1]?.hash)
  }
  const times = entries.map(({ locked_at }) => locked_at)
  expect(times).toEqual([...times].sort())
}

describe('three instances on one database', () => {
  let instances: readonly Instance[]
  let tokens: readonly string[]
  const at = (index: number) => instances[index % instances.length] as Instance
  const tokenAt = (index: number) => tokens[index % tokens.length] as string

  beforeEach(async () => {
    const url = await postgres.database()
    instances = await Promise.all([startInstance(url), startInstance(url), startInstance(url)])
    // Tokens of one instance hold on the others.
    tokens = await Promise.all(Array.from({ length: 10 }, (_, index) => at(index).enroll(`device-${index}`)))
    return async () => {
      await Promise.all(instances.map((instance) => instance.close()))
    }
  })

  it('give 500 concurrent locks 500 sequences without a gap, in one chain', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        at(index).lock(tokenAt(index), `capture-${index}`, `data ${index}`, { index }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const entries = await at(0).walk(tokenAt(0))
    expectChain(entries, 500)
    const bySequence = new Map(entries.map((entry) => [entry.sequence, entry]))
    for (const [index, { body }] of answers.entries()) {
      expect(bySequence.get(body.sequence)).toMatchObject({
        ...body,
        capture_id: `capture-${index}`,
        metadata: { index },
      })
    }
    expect((await at(1).verify()).body).toEqual({ valid: true, checked: 500, first_broken: null })
  })

  it('give every repetition the answer of the first, and spend no sequence on it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => at(index).lock(tokenAt(index), `capture-${index % 50}`, 'data')),
    )
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200)
      expect(body).toEqual(answers[index % 50]?.body)
    }
    expectChain(await at(2).walk(tokenAt(0)), 50)
  })

  it('let one of several contents of a capture win, and refuse the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => at(index).lock(tokenAt(index), 'contended', `data ${index % 4}`)),
    )
    const locked = answers.filter(({ status }) => status === 200)
    expect(locked).toHaveLength(15)
    expect(new Set(locked.map(({ body }) => body.hash)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(45)
    expectChain(await at(0).walk(tokenAt(0)), 1)
  })

  it('show a reader that walks while they write every entry once, in order', async () => {
    const writing = Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        for (let index = 0; index < 25; index += 1) await at(writer).lock(tokenAt(writer), `w${writer}-${index}`)
      }),
    )
    let done = false
    void writing.then(() => {
      done = true
    })
    const seen: number[] = []
    for (let last = false; !last; ) {
      last = done
      const { body } = await at(seen.length).entries(tokenAt(0), `?after=${seen.at(-1) ?? 0}&limit=7`)
      seen.push(...body.entries.map(({ sequence }) => sequence))
      if (body.next !== null) {
        expect(body.next).toBe(seen.at(-1))
        last = false
      }
    }
    await writing
    expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  })
})

describe('a ledger that someone changed behind its back', () => {
  let url: string
  let harbor: Instance

  beforeEach(async () => {
    url = await postgres.database()
    harbor = await startInstance(url)
    const token = await harbor.enroll('device')
    for (let index = 1; index <= 9; index += 1) await harbor.lock(token, `capture-${index}`)
    return () => harbor.close()
  })

  it.each([
    ["UPDATE ledger_entries SET metadata = '{}'"],
    ['DELETE FROM ledger_entries WHERE sequence = 9'],
    ['TRUNCATE ledger_entries'],
    ['DELETE FROM ledger_head'],
    ['TRUNCATE ledger_head'],
  ])('refuses %s', async (statement) => {
    await expect(withClient(url, (client) => client.query(statement))).rejects.toThrow(/append-only|permission denied/)
  })

  const tamper = (statement: string) =>
    withClient(url, async (client) => {
      await client.query('ALTER TABLE ledger_entries DISABLE TRIGGER ALL; ALTER TABLE ledger_head DISABLE TRIGGER ALL')
      await client.query('GRANT ALL ON ledger_entries, ledger_head TO CURRENT_USER')
      await client.query(statement)
    })

  it.each([
    ['metadata', `UPDATE ledger_entries SET metadata = '{"a":1}' WHERE sequence = 4`, 4],
    ['a device', `UPDATE ledger_entries SET device_id = 'other' WHERE sequence = 4`, 4],
    ['a capture', `UPDATE ledger_entries SET capture_id = 'other' WHERE sequence = 1`, 1],
    ['a time', `UPDATE ledger_entries SET locked_at = locked_at + interval '1 ms' WHERE sequence = 9`, 9],
    ['proof data', `UPDATE ledger_entries SET proof_hash = sha256('other') WHERE sequence = 4`, 4],
    ['a hash', `UPDATE ledger_entries SET hash = sha256('other') WHERE sequence = 4`, 4],
    ['an entry that is gone', 'DELETE FROM ledger_entries WHERE sequence = 4', 4],
    ['a first entry that is gone', 'DELETE FROM ledger_entries WHERE sequence = 1', 1],
    ['a last entry that is gone', 'DELETE FROM ledger_entries WHERE sequence = 9', 9],
    ['entries that are all gone', 'DELETE FROM ledger_entries', 1],
    ['two entries that were swapped', swap(4, 5), 4],
    [
      'a head that was set back',
      'UPDATE ledger_head SET sequence = 8, hash = (SELECT hash FROM ledger_entries WHERE sequence = 8)',
      9,
    ],
    ['a head with another hash', `UPDATE ledger_head SET hash = sha256('other')`, 9],
    ['a head that is gone', 'DELETE FROM ledger_head', 1],
  ])('names %s', async (_, statement, broken) => {
    await tamper(statement)
    expect((await harbor.verify()).body).toMatchObject({ valid: false, first_broken: broken })
  })

  it('finds an entry that was made again with a right hash of its own, by the next one', async () => {
    const { entryHash, sha256 } = await import('../src/proofs/ledger/entry.ts')
    await withClient(url, async (client) => {
      const { rows } = await client.query('SELECT * FROM ledger_entries WHERE sequence = 4')
      const hash = entryHash({
        previousHash: rows[0].previous_hash,
        sequence: 4,
        deviceId: rows[0].device_id,
        captureId: rows[0].capture_id,
        proofHash: sha256('forged'),
        metadata: rows[0].metadata,
        lockedAt: rows[0].locked_at,
      })
      await client.query('ALTER TABLE ledger_entries DISABLE TRIGGER ALL')
      await client.query('GRANT ALL ON ledger_entries TO CURRENT_USER')
      await client.query('UPDATE ledger_entries SET proof_hash = $1, hash = $2 WHERE sequence = 4', [
        sha256('forged'),
        hash,
      ])
    })
    expect((await harbor.verify()).body).toEqual({ valid: false, checked: 4, first_broken: 5 })
    expect((await harbor.verify('?to=4')).body.valid).toBe(true)
    expect((await harbor.verify('?from=6')).body.valid).toBe(true)
  })

  it('reports only what lies in the range', async () => {
    await tamper(`UPDATE ledger_entries SET metadata = '{"a":1}' WHERE sequence = 4`)
    expect((await harbor.verify('?to=3')).body).toEqual({ valid: true, checked: 3, first_broken: null })
    expect((await harbor.verify('?from=5')).body).toEqual({ valid: true, checked: 5, first_broken: null })
    expect((await harbor.verify('?from=2&to=8')).body).toEqual({ valid: false, checked: 2, first_broken: 4 })
  })
})

function swap(a: number, b: number): string {
  return `
    UPDATE ledger_entries SET sequence = 1000 WHERE sequence = ${a};
    UPDATE ledger_entries SET sequence = ${a} WHERE sequence = ${b};
    UPDATE ledger_entries SET sequence = ${b} WHERE sequence = 1000`
}
