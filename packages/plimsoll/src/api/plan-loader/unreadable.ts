import { relative } from 'node:path'
import type { Message } from 'esbuild'
import { PlimsollError } from '../../base/errors.ts'

/** Syntax errors and failed imports, each with its place and the line around it. */
export function unreadablePlan(name: string, messages: readonly Message[]): PlimsollError {
  const unresolved = messages.some(({ text }) => text.startsWith('Could not resolve'))
  return new PlimsollError('PLAN_UNREADABLE', `${name} cannot be read`, {
    details: messages.map(frame),
    ...(unresolved ? { hint: "packages are looked up from the plan's own folder: is it installed there?" } : {}),
  })
}

/** `a.plan.ts:3:9  Expected ";"`, the line, and a caret under the column. */
function frame({ text, location }: Pick<Message, 'text' | 'location'>): string {
  if (location === null) return text
  const { file, line, column, length, lineText } = location
  const gutter = `${line} | `
  const marks = '^'.repeat(Math.max(1, Math.min(length, lineText.length - column)))
  // tabs must stay tabs, or the caret stands elsewhere
  const lead = lineText.slice(0, column).replace(/[^\t]/g, ' ')
  return [
    `${file}:${line}:${column + 1}  ${text}`,
    `  ${gutter}${lineText}`,
    `  ${' '.repeat(gutter.length - 2)}| ${lead}${marks}`,
  ].join('\n')
}

/** Something that the plan's own code threw while it was evaluated. */
export function planThrew(file: string, error: unknown, problems: readonly string[]): PlimsollError {
  const name = relative(process.cwd(), file)
  const details = [...problems, ...(error instanceof Error ? planFrames(error) : [])]
  return new PlimsollError('PLAN_UNREADABLE', `${name} threw while it was loaded: ${String(error)}`, {
    cause: error,
    details,
    ...(problems.length > 0 ? { hint: 'the values listed above are missing, which may be why' } : {}),
  })
}

/** The frames of a stack that lie in the user's files. */
function planFrames({ stack = '' }: Error): readonly string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return frames.filter((line) => !/\bnode:|node_modules/.test(line)).map((line) => line.trim())
}
