import { relative } from 'node:path'
import type { ThresholdResult } from '../../judge/verdict.ts'
import { formatActual, formatLimit } from '../format.ts'
import type { ReportModel } from '../model.ts'
import { thresholdLine } from './threshold-line.ts'

/** GitHub shows ten of each kind for a step. */
const MOST = 10

/**
 * Workflow commands that put what went wrong on the plan's own lines: one for each threshold that is missed or has no
 * data, one for a measurement that doubts itself. Empty when all is well. `workspace` is `$GITHUB_WORKSPACE`.
 */
export function renderAnnotations(model: ReportModel, workspace: string): string {
  const file = relative(workspace, model.run.file)
  const bad = model.thresholds.filter(({ verdict }) => verdict === 'missed' || verdict === 'no data')
  const errors = bad.slice(0, MOST).map((threshold) => {
    const at = thresholdLine(model.run.source, threshold)
    const title = `${model.run.plan} ${model.run.profile}: ${threshold.verdict}`
    return command('error', { file, ...(at === undefined ? {} : { line: String(at) }), title }, sentence(threshold))
  })
  const doubts = model.generator.flags.slice(0, MOST).map(({ id, severity, reason, advice }) => {
    const title = `${id}: the measurement is ${severity}`
    return command(severity === 'invalid' ? 'error' : 'warning', { file, title }, `${reason}. ${advice}`)
  })
  const failed = model.outcome === 'error' ? [command('error', { file, title: model.run.plan }, model.headline)] : []
  return [...failed, ...errors, ...doubts].map((text) => `${text}\n`).join('')
}

function sentence(threshold: ThresholdResult): string {
  const { subject, metric, note } = threshold
  return `${subject} ${metric} should be ${formatLimit(threshold)}: ${formatActual(threshold)}${note === undefined ? '' : ` (${note})`}`
}

/** As actions/toolkit's core/command.ts writes and escapes them. */
function command(kind: 'error' | 'warning', properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`)
  return `::${kind} ${list.join(',')}::${escapeData(message)}`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
