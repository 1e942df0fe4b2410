import { millis, ratio } from '../../base/units.ts'
import type { CompiledOutage } from '../compiled.ts'
import { parseThink } from '../think.ts'
import type { ThinkTime } from '../user.ts'
import { percent } from './percent.ts'
import { Reader } from './reader.ts'

export function compileOutages(profile: Reader): readonly CompiledOutage[] {
  const value = profile.raw('outages')
  if (value === undefined) return []
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
  return entries.map((entry, index) => {
    const path = Array.isArray(value) ? `${profile.at('outages')}[${index}]` : profile.at('outages')
    return compileOutage(new Reader(entry, path, profile.problems, "an outage: { every: '15s', offline: '2s' }"))
  })
}

function compileOutage(reader: Reader): CompiledOutage {
  const every = reader.duration('every', undefined, { positive: true })
  const after = reader.duration('after', undefined)
  const outage: CompiledOutage = {
    after: after ?? every ?? millis(0),
    every,
    share: percent(reader, 'share', ratio(1)),
    offline: readOffline(reader),
    spread: reader.flag('spread', false),
  }
  if (after === undefined && every === undefined) {
    reader.note('after', undefined, 'when it happens', "write after: '30s', every: '15s', or both")
  }
  if (outage.spread && every === undefined) {
    reader.note('spread', true, 'every: the time that it spreads over', "add every: '15s'")
  }
  reader.finish()
  return outage
}

function readOffline(reader: Reader): CompiledOutage['offline'] {
  const value = reader.raw('offline')
  if (value === undefined) return undefined
  const read = parseThink(value as ThinkTime)
  if (read === undefined) reader.note('offline', value, "a time, or a range of times: '2s', '1s..3s'")
  return read
}
