/** One thing that is wrong with a plan. */
export interface Problem {
  /** Where in the plan: `profiles.peak.load.stages[0].duration`. */
  readonly path: string
  /** What stands there, as the plan would write it. */
  readonly got: string
  /** A column of `got` to point at, from 0. */
  readonly at?: number
  readonly expected: string
  readonly hint?: string
}

/** A problem as lines for a person; the caret stands under the character at fault. */
export function formatProblem({ path, got, at, expected, hint }: Problem): string {
  const lines = [path, `  got       ${got}`]
  if (at !== undefined) lines.push(`            ${' '.repeat(at)}^`)
  lines.push(`  expected  ${expected}`)
  if (hint !== undefined) lines.push(`  hint      ${hint}`)
  return lines.join('\n')
}

/** A value as a short piece of source text. */
export function show(value: unknown): string {
  if (typeof value === 'string') return shorten(`'${value}'`)
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function'
  if (value === undefined) return 'nothing'
  if (value instanceof Promise) return 'a promise'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'symbol' || value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of ${value.length}`
  const keys = Object.keys(value)
  return keys.length === 0 ? '{}' : shorten(`{ ${keys.join(', ')} }`)
}

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 97)}…` : text)

/** `a.b['c d'][0]`. */
export function pathOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}['${key.replaceAll("'", "\\'")}']`
  return parent === '' ? key : `${parent}.${key}`
}
