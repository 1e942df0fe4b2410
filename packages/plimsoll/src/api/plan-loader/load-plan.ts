import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PlimsollError } from '../../base/errors.ts'
import { seconds, toSeconds } from '../../base/units.ts'
import { invalidPlan } from '../../plan/compile/compile.ts'
import { isDefinition, wrongExport } from '../../plan/compile/compile-plan.ts'
import { planContext } from '../../plan/context.ts'
import type { PlanDefinition } from '../../plan/plan.ts'
import { formatProblem } from '../../plan/problem.ts'
import { bundlePlan } from './bundle.ts'
import { findPlan } from './find-plan.ts'
import { planThrew } from './unreadable.ts'

const LOAD_LIMIT = seconds(30)

export interface LoadOptions {
  /** URL of the running command's own library: what `import … from 'plimsoll'` means in the plan. */
  readonly libraryUrl: string
  /** Where the bundle is written; made when it is not there. */
  readonly folder: string
}

export interface LoadedPlan {
  /** Absolute path of the plan. */
  readonly file: string
  /** The plan's text, for reports. */
  readonly source: string
  readonly bundlePath: string
  /** What worker threads import. */
  readonly bundleUrl: string
  readonly definition: PlanDefinition
}

let loads = 0

/**
 * Reads, bundles and evaluates a plan file that may lie anywhere on disk.
 * @throws {PlimsollError} PLAN_NOT_FOUND, PLAN_UNREADABLE (syntax, imports, an exception while loading), PLAN_INVALID
 * (its default export is not a plan), OUTPUT_UNWRITABLE
 */
export async function loadPlan(path: string, { libraryUrl, folder }: LoadOptions): Promise<LoadedPlan> {
  const { file, source } = await findPlan(path)
  // a module is evaluated once for each URL, so every load gets a URL of its own
  const bundlePath = join(folder, `${basename(file).replace(/\.[cm]?[jt]s$/, '')}-${process.pid}-${loads++}.mjs`)
  await write(folder, bundlePath, await bundlePlan({ file, outfile: bundlePath, libraryUrl }))
  const bundleUrl = pathToFileURL(bundlePath).href
  const definition = definitionOf(await evaluate(file, bundleUrl))
  return { file, source, bundlePath, bundleUrl, definition }
}

async function write(folder: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, text)
  } catch (error) {
    throw new PlimsollError('OUTPUT_UNWRITABLE', `cannot write to ${folder}: ${(error as Error).message}`, {
      hint: 'choose another folder with --out',
      cause: error,
    })
  }
}

async function evaluate(file: string, bundleUrl: string): Promise<Readonly<Record<string, unknown>>> {
  // stacks of the plan's code, now and when setup runs, point at its own lines
  process.setSourceMapsEnabled(true)
  const limit = timeLimit(file)
  try {
    return (await Promise.race([import(bundleUrl), limit.reached])) as Record<string, unknown>
  } catch (error) {
    if (error instanceof PlimsollError) throw error
    throw planThrew(file, error, planContext().problems.map(formatProblem))
  } finally {
    limit.cancel()
  }
}

/** A top-level await that never ends would otherwise end the process without a word. */
function timeLimit(file: string): { readonly reached: Promise<never>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined
  const reached = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${basename(file)} was not loaded within ${toSeconds(LOAD_LIMIT)} s`
      reject(new PlimsollError('PLAN_UNREADABLE', message, { hint: 'is there an await at its top that never ends?' }))
    }, LOAD_LIMIT)
  })
  return { reached, cancel: () => clearTimeout(timer) }
}

function definitionOf(module: Readonly<Record<string, unknown>>): PlanDefinition {
  const value = module['default']
  if (isDefinition(value)) return value
  if ('default' in module) throw invalidPlan([wrongExport(value)])
  const named = Object.keys(module).find((name) => isDefinition(module[name]))
  throw invalidPlan([
    {
      ...wrongExport(undefined),
      got: 'no default export',
      ...(named === undefined ? {} : { hint: `'${named}' is a plan: export it as the default` }),
    },
  ])
}
