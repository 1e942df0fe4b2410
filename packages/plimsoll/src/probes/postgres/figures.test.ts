import { describe, expect, it } from 'vitest'
import { databaseRates, queryFigures, sessionFigures } from './figures.ts'
import type { DatabaseRow } from './queries.ts'

const row = (changes: Partial<DatabaseRow> = {}): DatabaseRow => ({
  commits: 100,
  rollbacks: 10,
  blocks_read: 50,
  blocks_hit: 500,
  rows_returned: 1000,
  temp_bytes: 0,
  deadlocks: 0,
  wal: 4096,
  ...changes,
})

describe('sessionFigures', () => {
  const activity = { connections: 5, active: 2, idle_in_transaction: 1, waiting_locks: 0, hidden: 0 }

  it('leaves out the states when some are hidden', () => {
    expect(sessionFigures(activity)).toEqual({
      connections: 5,
      active: 2,
      'idle in transaction': 1,
      'waiting locks': 0,
    })
    expect(sessionFigures({ ...activity, hidden: 3 })).toEqual({ connections: 5 })
  })
})

describe('databaseRates', () => {
  it('is what was counted per second', () => {
    const now = row({ commits: 300, rollbacks: 12, blocks_read: 60, blocks_hit: 590, temp_bytes: 8192, wal: 6096 })
    expect(databaseRates(row(), now, 2)).toEqual({
      commits: 100,
      rollbacks: 1,
      'rows returned': 0,
      'temp bytes': 4096,
      'cache hit': 0.9,
      wal: 1000,
    })
  })

  it('knows no cache hits without a look, and no log on a standby', () => {
    expect(Object.keys(databaseRates(row({ wal: null }), row({ wal: null }), 1))).toEqual([
      'commits',
      'rollbacks',
      'rows returned',
      'temp bytes',
    ])
  })

  it('is never negative, though counters begin anew after a crash', () => {
    expect(databaseRates(row(), row({ commits: 3 }), 1)).toMatchObject({ commits: 0 })
  })
})

describe('queryFigures', () => {
  it('is empty when nothing was asked', () => {
    expect(queryFigures([], 1)).toEqual({})
  })

  it('counts executions per second', () => {
    expect(queryFigures([{ calls: 30, mean: 2, deviation: 0, min: 2, max: 2 }], 3)).toMatchObject({
      queries: 10,
      'query mean': 2,
    })
  })
})
