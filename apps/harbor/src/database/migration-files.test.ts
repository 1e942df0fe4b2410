import { describe, expect, it } from 'vitest'
import { parseMigration, readMigrations } from './migration-files.ts'

describe('parseMigration', () => {
  it('splits up from down', () => {
    const migration = parseMigration('proofs', '0007-add-it.sql', '-- Why.\n-- up\nCREATE it;\n-- down\nDROP it;\n')
    expect(migration).toMatchObject({
      number: 7,
      part: 'proofs',
      name: 'add-it',
      up: 'CREATE it;\n',
      down: 'DROP it;\n',
    })
  })

  it.each([
    ['no down', '-- up\nCREATE it;\n'],
    ['down first', '-- down\nDROP it;\n-- up\nCREATE it;\n'],
    ['two ups', '-- up\nA\n-- up\nB\n-- down\nC\n'],
    ['SQL before up', 'CREATE it;\n-- up\nA\n-- down\nC\n'],
  ])('refuses a file with %s', (_, text) => {
    expect(() => parseMigration('proofs', '0001-x.sql', text)).toThrow('0001-x.sql')
  })

  it('refuses a name without a number', () => {
    expect(() => parseMigration('proofs', 'add-it.sql', '-- up\n-- down\n')).toThrow('add-it.sql')
  })
})

it("reads all parts' migrations in the order of their numbers", async () => {
  const numbers = (await readMigrations(new URL('../', import.meta.url))).map(({ number }) => number)
  expect(numbers[0]).toBe(1)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
})
