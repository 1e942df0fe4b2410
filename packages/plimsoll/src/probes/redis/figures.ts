import type { Counted } from '../../record/counted.ts'
import { fieldsIn, type Info, numberIn } from './info.ts'

/** What INFO tells of now, as the probe's values; what is not told is left out. */
export function levels(info: Info): Record<string, number> {
  const memory = numberIn(info, 'used_memory')
  const limit = numberIn(info, 'maxmemory')
  const clients = numberIn(info, 'connected_clients')
  return known({
    memory,
    'memory rss': numberIn(info, 'used_memory_rss'),
    // 0 is no limit.
    'memory share': memory !== undefined && limit !== undefined && limit > 0 ? memory / limit : undefined,
    connections: clients === undefined ? undefined : Math.max(0, clients - 1),
    blocked: numberIn(info, 'blocked_clients'),
    keys: info.size === 0 ? undefined : fieldsIn(info, 'db', 'keys').reduce((sum, keys) => sum + keys, 0),
    ...replication(info),
    'unsaved changes': numberIn(info, 'rdb_changes_since_last_save'),
    'persistence failed': persistenceFailed(info),
  })
}

function replication(info: Info): Record<string, number | undefined> {
  if (info.get('role') === 'slave') {
    const link = info.get('master_link_status')
    return { 'primary away': link === undefined ? undefined : Number(link !== 'up') }
  }
  const lags = fieldsIn(info, 'slave', 'lag')
  return {
    replicas: numberIn(info, 'connected_slaves'),
    'replication lag': lags.length === 0 ? undefined : Math.max(...lags) * 1000,
  }
}

/** Whether the last snapshot, or the last write of the append-only file, went wrong. */
function persistenceFailed(info: Info): number | undefined {
  const states = ['rdb_last_bgsave_status', 'aof_last_write_status', 'aof_last_bgrewrite_status'].flatMap(
    (name) => info.get(name) ?? [],
  )
  return states.length === 0 ? undefined : Number(states.some((state) => state !== 'ok'))
}

/** What was counted between two tellings, by INFO's names. Counters begin anew when the server was told to reset them. */
export function growthBetween(before: Info, now: Info): (name: string) => number | undefined {
  return (name) => {
    const [earlier, later] = [numberIn(before, name), numberIn(now, name)]
    return earlier === undefined || later === undefined ? undefined : Math.max(0, later - earlier)
  }
}

/** Of the time between two tellings. The INFO that told the first of them was counted after it: it is taken out. */
export function rates(before: Info, now: Info, seconds: number): Record<string, number | Counted> {
  const grown = growthBetween(before, now)
  const per = (amount: number | undefined) => (amount === undefined ? undefined : amount / seconds)
  const commands = grown('total_commands_processed')
  const [hits, misses] = [grown('keyspace_hits'), grown('keyspace_misses')]
  const [system, user] = [grown('used_cpu_sys'), grown('used_cpu_user')]
  return {
    ...known({
      commands: per(commands === undefined ? undefined : Math.max(0, commands - 1)),
      hits: per(hits),
      misses: per(misses),
      cores: per(system === undefined || user === undefined ? undefined : system + user),
    }),
    ...(hits !== undefined &&
      misses !== undefined && { 'hit rate': { kind: 'share', part: hits, whole: hits + misses } satisfies Counted }),
  }
}

function known(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined))
}
