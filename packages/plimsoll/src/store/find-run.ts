import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PlimsollError } from '../base/errors.ts'
import { runNames } from './list-runs.ts'
import { runFiles } from './run-files.ts'

/**
 * The folder of a run: by its name in `dir`, the beginning of its name if only one run has it, `latest`, or the path of
 * the folder or of a file in it.
 * @throws {PlimsollError} RUN_NOT_FOUND, naming the runs that were close
 */
export function findRun(dir: string, ref: string): string {
  const byPath = [resolve(ref), dirname(resolve(ref))].find(isRun)
  const named = join(dir, ref)
  if (ref !== '' && !/[\\/]/.test(ref) && isRun(named)) return resolve(named)
  if (byPath !== undefined && existsSync(resolve(ref))) return byPath
  const names = runNames(dir).filter((name) => isRun(join(dir, name)))
  const fits = ref === 'latest' ? names.slice(-1) : names.filter((name) => ref !== '' && name.startsWith(ref))
  const [only] = fits
  if (only !== undefined && fits.length === 1) return resolve(dir, only)
  throw fits.length > 1 ? ambiguous(ref, fits) : notFound(dir, ref, names)
}

const isRun = (folder: string): boolean => existsSync(join(folder, runFiles.events))

function ambiguous(ref: string, fits: readonly string[]): PlimsollError {
  return new PlimsollError('RUN_NOT_FOUND', `${fits.length} runs begin with '${ref}'`, {
    details: fits.slice(-10),
    hint: 'Write more of the name.',
  })
}

function notFound(dir: string, ref: string, names: readonly string[]): PlimsollError {
  if (names.length === 0) {
    return new PlimsollError('RUN_NOT_FOUND', `there is no run in ${dir}`, {
      hint: 'Make one: plimsoll run PLAN. Or name the folder that holds your runs with --out.',
    })
  }
  return new PlimsollError('RUN_NOT_FOUND', `no run is called '${ref}', nor begins so`, {
    details: names.slice(-5),
    hint: 'Write `latest`, the beginning of one of these names, or the path of a run’s folder.',
  })
}
