import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planContext } from './context.ts'
import { feeder } from './feeder.ts'

const { problems, feeders } = planContext()
let folder: string

beforeEach(() => {
  problems.length = 0
  feeders.length = 0
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-feeder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a feeder', () => {
  it('reads CSV as people save it: with a mark at the beginning, empty lines and quotes', () => {
    const made = feeder(write('users.CSV', '\uFEFFname,mail\r\n"Ann, B.",a@example.org\r\n\r\nBob,b@example.org\r\n'))
    expect(made).toMatchObject({ kind: 'feeder', id: 0, name: 'users.CSV', order: 'shared', dry: 'stop' })
    expect(made.rows).toEqual([
      { name: 'Ann, B.', mail: 'a@example.org' },
      { name: 'Bob', mail: 'b@example.org' },
    ])
    expect(problems).toEqual([])
  })

  it('reads JSON, and takes rows as they are', () => {
    expect(feeder(write('a.json', '\uFEFF[1,{"b":2}]')).rows).toEqual([1, { b: 2 }])
    expect(feeder([3, 4])).toMatchObject({ id: 1, name: 'feeder 2', rows: [3, 4] })
    expect(feeders).toHaveLength(2)
  })

  it('begins again by itself only where each user walks on its own', () => {
    expect(feeder([1], { order: 'sequential' }).dry).toBe('repeat')
    expect(feeder([1], { order: 'unique' }).dry).toBe('stop')
    expect(feeder([1], { order: 'sequential', dry: 'fail' }).dry).toBe('fail')
  })
})

describe('all that is wrong with a feeder is told, and the plan read on', () => {
  it.each([
    ['gone.csv', undefined, 'a file that can be read'],
    ['rows.txt', 'a', 'a file that ends in .csv or .json'],
    ['torn.json', '[1,', 'a JSON array'],
    ['object.json', '{"a":1}', 'an array of rows, or the path of a CSV or JSON file'],
    ['empty.json', '[]', 'at least one row'],
    ['head.csv', 'name,mail\n', 'at least one row'],
    ['torn.csv', 'name,mail\n"Ann', 'CSV with a first line of column names'],
    ['ragged.csv', 'name,mail\nAnn\n', 'CSV with a first line of column names'],
  ])('%s', (name, text, expected) => {
    const path = text === undefined ? join(folder, name) : write(name, text)
    expect(feeder(path).rows).toEqual([])
    expect(problems).toMatchObject([{ path: `feeder('${path}')`, expected }])
  })

  it('with its options', () => {
    feeder([1], { order: 'backwards' as 'random', dry: 'cry' as 'stop' })
    expect(problems.map(({ path, got }) => [path, got])).toEqual([
      ['feeder(…, { order })', "'backwards'"],
      ['feeder(…, { dry })', "'cry'"],
    ])
  })
})
