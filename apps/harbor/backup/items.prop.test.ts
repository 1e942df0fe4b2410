import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Header, Manifest, TableSummary } from './format.ts'
import { readItems } from './items.ts'
import { RowTally } from './row-tally.ts'

/** Lines as `COPY` writes them: any but its end. */
const row = fc
  .oneof(fc.constant('\\\\.'), fc.constant(''), fc.constant('\\N\t.'), fc.string({ maxLength: 20 }))
  .map((text) => text.replaceAll('\n', '\\n').replace(/^\\\.$/, '\\\\.'))

function backupOf(tables: readonly (readonly string[])[]) {
  const header: Header = { format: 'harbor-backup', version: 1, created_at: '2026-01-01T00:00:00.000Z', migrations: [] }
  const summaries: TableSummary[] = []
  let text = `${JSON.stringify(header)}\n`
  for (const [index, rows] of tables.entries()) {
    const data = rows.map((line) => `${line}\n`).join('')
    const tally = new RowTally()
    tally.add(Buffer.from(data))
    const summary = { table: `t${index}`, ...tally.end() }
    summaries.push(summary)
    text += `${JSON.stringify({ table: `t${index}`, columns: ['a'] })}\n${data}\\.\n${JSON.stringify(summary)}\n`
  }
  const manifest: Manifest = { end: true, tables: summaries, sequences: {} }
  return { bytes: Buffer.from(`${text}${JSON.stringify(manifest)}\n`), summaries }
}

function* cut(bytes: Buffer, sizes: readonly number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

const tablesOfRows = fc.array(fc.array(row, { maxLength: 6 }), { maxLength: 4 })
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 })

it('reads the same rows and summaries however a backup is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(tablesOfRows, sizes, async (tables, cuts) => {
      const { bytes, summaries } = backupOf(tables)
      const read: string[] = []
      const ends: TableSummary[] = []
      for await (const item of readItems(cut(bytes, cuts))) {
        if (item.kind === 'table') read.push('')
        if (item.kind === 'rows') read.push((read.pop() ?? '') + item.rows.toString())
        if (item.kind === 'table-end') ends.push(item.summary)
      }
      expect(read).toEqual(tables.map((rows) => rows.map((line) => `${line}\n`).join('')))
      expect(ends).toEqual(summaries)
    }),
  )
})

it('refuses a backup of which any part of the end is missing', async () => {
  await fc.assert(
    fc.asyncProperty(tablesOfRows, sizes, fc.nat(), async (tables, cuts, from) => {
      const { bytes } = backupOf(tables)
      const read = async () => {
        for await (const _ of readItems(cut(bytes.subarray(0, from % bytes.length), cuts)));
      }
      await expect(read()).rejects.toThrow(/The backup is damaged/)
    }),
  )
})
