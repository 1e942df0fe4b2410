import { planContext } from './context.ts'

export interface EnvOptions {
  readonly default?: string | number
  /** Kept out of logs, events and reports wherever it appears. */
  readonly secret?: boolean
}

/**
 * A value of the environment. One that is neither set nor has a default is a problem of the plan; all that are missing
 * are reported together, so this returns an empty text instead of throwing.
 * @example system: { url: env('BASE_URL', { default: 'http://127.0.0.1:3000' }) }
 */
export function env(name: string, options: EnvOptions = {}): string {
  const context = planContext()
  const set = process.env[name]
  const value = set === undefined || set === '' ? options.default : set
  if (value === undefined) {
    context.problems.push({
      path: `env('${name}')`,
      got: set === undefined ? 'nothing' : "''",
      expected: 'a value in the environment',
      hint: `set it: ${name}=… plimsoll run …; or give it a default: env('${name}', { default: '…' })`,
    })
    return ''
  }
  const text = String(value)
  // an empty secret would be found, and blanked out, everywhere
  if (options.secret === true && text !== '') context.secrets.push(text)
  return text
}
