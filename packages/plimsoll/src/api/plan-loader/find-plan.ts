import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'
import { nearest } from '../../plan/compile/suggest.ts'

const isScript = (name: string): boolean => /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.d.ts')
const isPlan = (name: string): boolean => /\.plan\.[cm]?[jt]s$/.test(name)

/**
 * The plan file's absolute path and text.
 * @throws {PlimsollError} PLAN_NOT_FOUND with the nearest name there is, PLAN_UNREADABLE for an empty file
 */
export async function findPlan(path: string): Promise<{ readonly file: string; readonly source: string }> {
  const file = resolve(path)
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory()) throw await folderGiven(path, file)
  if (found === undefined) throw await nothingThere(path, file)
  if (!isScript(file)) {
    throw new PlimsollError('PLAN_UNREADABLE', `${path} is not a plan`, {
      hint: 'a plan is a .ts, .mts, .js or .mjs file',
    })
  }
  const source = await readFile(file, 'utf8').catch((error: Error) => {
    throw new PlimsollError('PLAN_UNREADABLE', `${path} cannot be read: ${error.message}`, { cause: error })
  })
  if (source.trim() === '') {
    throw new PlimsollError('PLAN_UNREADABLE', `${path} is empty`, {
      hint: 'plimsoll init writes a plan to begin with',
    })
  }
  return { file, source }
}

async function folderGiven(path: string, folder: string): Promise<PlimsollError> {
  const plans = (await scriptsIn(folder)).filter(isPlan)
  const hint = plans.length > 0 ? `it holds: ${plans.map((name) => join(path, name)).join(', ')}` : 'name a plan file'
  return new PlimsollError('PLAN_NOT_FOUND', `${path} is a folder, not a plan`, { hint })
}

async function nothingThere(path: string, file: string): Promise<PlimsollError> {
  const scripts = await scriptsIn(dirname(file))
  const wanted = basename(file)
  const stem = wanted.replace(/(\.plan)?(\.[cm]?[jt]s)?$/, '')
  const meant =
    scripts.find((name) => isPlan(name) && name.startsWith(`${stem}.plan.`)) ??
    nearest(wanted, scripts) ??
    scripts.find((name) => isPlan(name) && nearest(stem, [name.replace(/\.plan\..*$/, '')]) !== undefined)
  const plans = scripts.filter(isPlan)
  const hint =
    meant !== undefined
      ? `did you mean ${join(dirname(path), meant)}?`
      : plans.length > 0
        ? `plans there: ${plans.join(', ')}`
        : 'plimsoll init writes a plan to begin with'
  return new PlimsollError('PLAN_NOT_FOUND', `there is no file ${path}`, { hint })
}

async function scriptsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter(isScript).sort()
}
