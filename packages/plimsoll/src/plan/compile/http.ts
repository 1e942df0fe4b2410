import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { seconds } from '../../base/units.ts'
import type { HttpSettings, TlsSettings } from '../compiled.ts'
import { fromPlan } from '../file.ts'
import type { Reader } from './reader.ts'
import { parseSize } from './size.ts'

const defaultTimeouts = { connect: seconds(10), firstByte: seconds(30), total: seconds(60) }

export function compileHttp(reader: Reader, planFile: string | undefined): HttpSettings {
  const settings: HttpSettings = {
    version: reader.oneOf('version', [1, 2, 'auto'], 1),
    timeout: compileTimeouts(reader),
    headers: reader.texts('headers'),
    redirects: reader.number('redirects', 10, { whole: true, min: 0 }),
    connections: reader.number('connections', 6, { whole: true, min: 1 }),
    keepAlive: reader.flag('keepAlive', true),
    decompress: reader.flag('decompress', true),
    maxBody: size(reader, 'maxBody', 64 * 1024 ** 2),
    maxHeaders: size(reader, 'maxHeaders', 64 * 1024),
    cookies: reader.flag('cookies', true),
    tls: compileTls(reader.nested('tls'), planFile),
    sourceAddresses: reader.list('sourceAddresses'),
    socketPath: reader.text('socketPath'),
  }
  for (const address of settings.sourceAddresses) {
    if (address !== 'spread' && !isAddressOrRange(address)) {
      reader.note('sourceAddresses', address, "an IP address, a range such as '127.1.0.0/16', or 'spread'")
    }
  }
  reader.finish()
  return settings
}

/** One time is the limit of the whole exchange, and of its parts where they would be longer. */
function compileTimeouts(reader: Reader): HttpSettings['timeout'] {
  const value = reader.raw('timeout')
  if (value === undefined) return defaultTimeouts
  if (typeof value !== 'object' || value === null) {
    const total = reader.readDuration('timeout', value, { positive: true }) ?? defaultTimeouts.total
    const within = (limit: typeof total) => (limit < total ? limit : total)
    return { connect: within(defaultTimeouts.connect), firstByte: total, total }
  }
  const parts = reader.nested('timeout')
  const timeout = {
    connect: parts.duration('connect', defaultTimeouts.connect, { positive: true }),
    firstByte: parts.duration('firstByte', defaultTimeouts.firstByte, { positive: true }),
    total: parts.duration('total', defaultTimeouts.total, { positive: true }),
  }
  parts.finish()
  return timeout
}

function size(reader: Reader, key: string, fallback: number): number {
  const value = reader.raw(key)
  if (value === undefined) return fallback
  const read = parseSize(value)
  if (read === undefined || read === 0)
    reader.note(key, value, 'a size above 0', "write '64KB', '1MB' or a whole number of bytes")
  return read ?? fallback
}

/** Certificates and keys come out as PEM text, whether the plan gives text or a file. */
function compileTls(reader: Reader, planFile: string | undefined): TlsSettings {
  const pem = (key: string): string | undefined => {
    const value = reader.text(key)
    if (value === undefined || value.includes('-----BEGIN')) return value
    try {
      return readFileSync(fromPlan(value, planFile), 'utf8')
    } catch (error) {
      reader.note(key, value, 'PEM text, or a PEM file that can be read', (error as Error).message)
      return undefined
    }
  }
  const settings: TlsSettings = {
    ca: pem('ca'),
    cert: pem('cert'),
    key: pem('key'),
    passphrase: reader.text('passphrase'),
    servername: reader.text('servername'),
    rejectUnauthorized: reader.flag('rejectUnauthorized', true),
  }
  if ((settings.cert === undefined) !== (settings.key === undefined)) {
    reader.note('cert', settings.cert === undefined ? undefined : 'cert without key', 'cert and key together')
  }
  reader.finish()
  return settings
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
}
