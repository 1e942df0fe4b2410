import { dirname, resolve } from 'node:path'
import { planContext } from './context.ts'
import type { FileBody } from './user.ts'

/**
 * A file to send as a body or as a part of a form, read from disk while it is sent. The path counts from the plan's
 * folder.
 * @example await user.http.post('/files', { form: { picture: file('cat.png', { type: 'image/png' }) } })
 */
export function file(path: string, options: { readonly type?: string; readonly name?: string } = {}): FileBody {
  return { kind: 'file', path: fromPlan(path), ...options }
}

/** A path of the plan as an absolute one. */
export function fromPlan(path: string, planFile = planContext().file): string {
  return planFile === undefined ? resolve(path) : resolve(dirname(planFile), path)
}
