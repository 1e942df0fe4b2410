import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { planContext } from './context.ts'
import { fromPlan } from './file.ts'
import { show } from './problem.ts'
import type { Feeder } from './user.ts'

export interface FeederOptions {
  /**
   * `shared` (default): each row is dealt once, to whichever user of any worker asks next · `sequential`: every user
   * walks from the first row · `random`: seeded · `unique`: one row for each user, who keeps it.
   */
  readonly order?: 'shared' | 'sequential' | 'random' | 'unique'
  /**
   * What to do when no row is left: `stop` ends the asking user, `repeat` begins again, `fail` fails the iteration.
   * Default: `repeat` for `sequential`, `stop` for the others; `random` never runs dry.
   */
  readonly dry?: 'stop' | 'repeat' | 'fail'
}

/**
 * Rows for users, from a CSV file (its first line names the columns), a JSON file (an array) or an array. Paths count
 * from the plan's folder. Make feeders at the top of the plan, not inside a journey.
 * @example const accounts = feeder('accounts.csv', { order: 'unique' })
 */
export function feeder(source: `${string}.csv`, options?: FeederOptions): Feeder<Record<string, string>>
export function feeder<Row>(source: string | readonly Row[], options?: FeederOptions): Feeder<Row>
export function feeder(source: string | readonly unknown[], options: FeederOptions = {}): Feeder<unknown> {
  const { feeders } = planContext()
  const order = options.order ?? 'shared'
  const made: Feeder<unknown> = Object.freeze({
    kind: 'feeder',
    id: feeders.length,
    name: typeof source === 'string' ? basename(source) : `feeder ${feeders.length + 1}`,
    rows: rowsOf(source),
    order,
    dry: options.dry ?? (order === 'sequential' ? 'repeat' : 'stop'),
  })
  check('order', order, ['shared', 'sequential', 'random', 'unique'])
  check('dry', made.dry, ['stop', 'repeat', 'fail'])
  feeders.push(made)
  return made
}

function check(key: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) problem(`feeder(…, { ${key} })`, show(value), known.join(', '))
}

function problem(path: string, got: string, expected: string, hint?: string): void {
  planContext().problems.push({ path, got, expected, ...(hint === undefined ? {} : { hint }) })
}

function rowsOf(source: string | readonly unknown[]): readonly unknown[] {
  const path = `feeder(${typeof source === 'string' ? `'${source}'` : '[…]'})`
  const rows = typeof source === 'string' ? readRows(source, path) : source
  if (rows === undefined) return []
  if (!Array.isArray(rows)) problem(path, show(rows), 'an array of rows, or the path of a CSV or JSON file')
  else if (rows.length === 0) problem(path, 'no rows', 'at least one row')
  return Array.isArray(rows) ? rows : []
}

/** The rows of a file; undefined after a problem was noted. */
function readRows(source: string, path: string): unknown {
  const absolute = fromPlan(source)
  const format = extname(source).toLowerCase()
  if (format !== '.csv' && format !== '.json') {
    problem(path, show(source), 'a file that ends in .csv or .json')
    return undefined
  }
  let text: string
  try {
    text = readFileSync(absolute, 'utf8')
  } catch (error) {
    problem(path, (error as Error).message, 'a file that can be read', 'paths count from the folder of the plan')
    return undefined
  }
  try {
    if (format === '.json') return JSON.parse(text.replace(/^\uFEFF/, ''))
    return parse(text, { columns: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    const expected = format === '.json' ? 'a JSON array' : 'CSV with a first line of column names'
    const message = error instanceof CsvError || error instanceof SyntaxError ? error.message : String(error)
    problem(path, message, expected)
    return undefined
  }
}
