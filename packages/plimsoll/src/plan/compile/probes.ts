import { hidePasswords } from '../../base/passwords.ts'
import { seconds } from '../../base/units.ts'
import type { ProbeSettings, SystemSpec } from '../compiled.ts'
import { fromPlan } from '../file.ts'
import { compilePrometheus } from './prometheus.ts'
import type { Reader } from './reader.ts'

/** Where the system starts, its process is watched unless the plan says otherwise. */
export function compileProbes(
  reader: Reader,
  { start, url }: Pick<SystemSpec, 'start' | 'url'>,
  planFile: string | undefined,
): ProbeSettings {
  const settings: ProbeSettings = {
    process: compileProcess(reader, start !== undefined),
    postgres: compilePostgres(reader, planFile),
    redis: compileRedis(reader),
    prometheus: compilePrometheus(reader, url),
    every: reader.duration('every', seconds(1), { positive: true }),
  }
  reader.finish()
  return settings
}

function compileProcess(reader: Reader, started: boolean): ProbeSettings['process'] {
  const value = reader.raw('process')
  if (value === false) return undefined
  if (value === undefined && !started) return undefined
  if (value === undefined || value === true) {
    if (value === true && !started) {
      reader.note('process', true, '{ pid }', 'the plan does not start the system, so its process is not known')
    }
    return { pid: undefined }
  }
  const options = reader.nested('process', 'true, false or { pid }')
  const pid = options.number('pid', undefined, { whole: true, min: 1 })
  options.finish()
  return { pid }
}

function compilePostgres(reader: Reader, planFile: string | undefined): ProbeSettings['postgres'] {
  const value = reader.raw('postgres')
  if (value === undefined) return undefined
  const options =
    typeof value === 'object' ? reader.nested('postgres', 'a connection URL, or { url, database }') : undefined
  const url = options === undefined ? value : options.needText('url')
  const file = typeof url === 'string' ? /^file:(.+)/.exec(url)?.[1] : undefined
  if (file === undefined && (typeof url !== 'string' || !/^postgres(ql)?:\/\//.test(url))) {
    reader.note(
      'postgres',
      typeof url === 'string' ? hidePasswords(url) : url,
      'a URL that begins with postgres://, or file: and the path of a file that will hold one',
    )
  }
  const database = options?.text('database')
  options?.finish()
  return { url: file === undefined ? String(url) : `file:${fromPlan(file, planFile)}`, database }
}

function compileRedis(reader: Reader): string | undefined {
  const url = reader.raw('redis')
  if (url === undefined) return undefined
  if (typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)) return url
  const got = typeof url === 'string' ? hidePasswords(url) : url
  reader.note('redis', got, 'a URL that begins with redis:// or rediss://')
  return undefined
}
