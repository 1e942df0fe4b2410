/** What INFO tells of the server, by its own names (redis.io/docs/latest/commands/info). */
export type Info = ReadonlyMap<string, string>

/** Lines of `name:value`, between headings that begin with `#`; others are left out. */
export function parseInfo(text: string): Info {
  const info = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0 && !line.startsWith('#')) info.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return info
}

/** Undefined where the server does not tell, or not in a number. */
export function numberIn(info: Info, name: string): number | undefined {
  const text = info.get(name)
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** One field of every line whose name is the prefix and a number: `keys` of `db0:keys=12,expires=3`. */
export function fieldsIn(info: Info, prefix: 'db' | 'slave', field: string): number[] {
  const values: number[] = []
  for (const [name, value] of info) {
    if (!name.startsWith(prefix) || !/^\d+$/.test(name.slice(prefix.length))) continue
    const found = value.split(',').find((part) => part.startsWith(`${field}=`))
    const number = Number(found?.slice(field.length + 1) || Number.NaN)
    if (Number.isFinite(number)) values.push(number)
  }
  return values
}
