import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levels, rates } from './figures.ts'
import { fieldsIn, numberIn, parseInfo } from './info.ts'

const info = (values: Readonly<Record<string, string | number>>) =>
  parseInfo(
    `# Server\r\n${Object.entries(values)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('')}`,
  )

describe('parseInfo', () => {
  it('reads names and values, whatever stands between them', () => {
    const read = parseInfo(
      '# Memory\r\nused_memory:873208\r\nmem_allocator:jemalloc-5.3.0\r\n\r\nodd\r\nconfig_file:\r\n',
    )
    expect(Object.fromEntries(read)).toEqual({
      used_memory: '873208',
      mem_allocator: 'jemalloc-5.3.0',
      config_file: '',
    })
    expect(numberIn(read, 'used_memory')).toBe(873208)
    expect(numberIn(read, 'config_file')).toBeUndefined()
    expect(numberIn(read, 'mem_allocator')).toBeUndefined()
  })

  it('reads fields of numbered lines only', () => {
    const read = info({ db0: 'keys=12,expires=3,avg_ttl=0', db15: 'keys=5,expires=0', dbsize: 'keys=7', db1: 'odd' })
    expect(fieldsIn(read, 'db', 'keys')).toEqual([12, 5])
  })

  it('never throws, and gives finite numbers only', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, now) => {
        const figures = { ...levels(parseInfo(now)), ...rates(parseInfo(before), parseInfo(now), 1) }
        for (const figure of Object.values(figures)) {
          if (typeof figure === 'number') expect(Number.isFinite(figure)).toBe(true)
        }
      }),
    )
  })
})

describe('levels', () => {
  it('is what a primary tells, without the probe itself', () => {
    const told = info({
      used_memory: 800,
      used_memory_rss: 1200,
      maxmemory: 1000,
      connected_clients: 3,
      blocked_clients: 1,
      role: 'master',
      connected_slaves: 2,
      slave0: 'ip=127.0.0.1,port=1,state=online,offset=7,lag=0',
      slave1: 'ip=127.0.0.1,port=2,state=online,offset=7,lag=3',
      rdb_changes_since_last_save: 9,
      rdb_last_bgsave_status: 'err',
      aof_last_write_status: 'ok',
      db0: 'keys=4,expires=0',
    })
    expect(levels(told)).toEqual({
      memory: 800,
      'memory rss': 1200,
      'memory share': 0.8,
      connections: 2,
      blocked: 1,
      keys: 4,
      replicas: 2,
      'replication lag': 3000,
      'unsaved changes': 9,
      'persistence failed': 1,
    })
  })

  it('leaves out what is not told: no limit, no share', () => {
    expect(levels(info({ used_memory: 800, maxmemory: 0 }))).toEqual({ memory: 800, keys: 0 })
    expect(levels(info({ role: 'slave', master_link_status: 'down' }))).toEqual({ keys: 0, 'primary away': 1 })
    expect(levels(parseInfo(''))).toEqual({})
  })
})

describe('rates', () => {
  const before = info({
    total_commands_processed: 100,
    keyspace_hits: 50,
    keyspace_misses: 10,
    used_cpu_sys: '1.5',
    used_cpu_user: '2.5',
  })

  it("is what was counted per second, without the probe's own INFO", () => {
    const now = info({
      total_commands_processed: 301,
      keyspace_hits: 140,
      keyspace_misses: 20,
      used_cpu_sys: '1.6',
      used_cpu_user: '2.6',
    })
    expect(rates(before, now, 2)).toEqual({
      commands: 100,
      hits: 45,
      misses: 5,
      cores: expect.closeTo(0.1),
      'hit rate': { kind: 'share', part: 90, whole: 100 },
    })
  })

  it('is never negative, though counters begin anew', () => {
    expect(rates(before, info({ total_commands_processed: 3, keyspace_hits: 1, keyspace_misses: 0 }), 1)).toEqual({
      commands: 0,
      hits: 0,
      misses: 0,
      'hit rate': { kind: 'share', part: 0, whole: 0 },
    })
  })
})
