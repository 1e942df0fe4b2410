import type { ValidityFlag } from '../../judge/verdict.ts'
import { formatBytes, formatMillis, formatNumber, formatPercent, formatQuantity, plural } from '../format.ts'
import type { ReportModel } from '../model.ts'
import type { ProbeValue } from '../probe-summary.ts'
import { validityMark } from './marks.ts'
import type { Page } from './page.ts'
import { pad, printable } from './text.ts'

/** Whether the measurement can be trusted, in one line; what speaks against it, and what to change, below. */
export function generatorLines({ generator }: ReportModel, page: Page): string[] {
  const { dim } = page.style.colors
  const { state, flags, workers, cpu, loopDelayP99, lateStartsP99, receiveWaitP99, utilization, peakRss } = generator
  const { mark, paint } = validityMark(state, page.style)
  const figures = [
    plural(workers, 'worker'),
    ...(utilization === undefined ? [] : [`busy ${formatPercent(utilization)}`]),
    ...(cpu === undefined ? [] : [`${formatNumber(cpu)} cores`]),
    ...(loopDelayP99 === undefined ? [] : [`loop delay p99 ${formatMillis(loopDelayP99)}`]),
    ...(lateStartsP99 === undefined ? [] : [`late starts p99 ${formatMillis(lateStartsP99)}`]),
    ...(receiveWaitP99 === undefined ? [] : [`receive wait p99 ${formatMillis(receiveWaitP99)}`]),
    ...(peakRss === undefined ? [] : [formatBytes(peakRss)]),
  ]
  const [first = '', ...more] = page.figures(figures, { first: ' '.repeat(state.length + 4), paint: dim })
  return [
    `${paint(mark)} ${paint(state)}${first.slice(state.length + 2)}`,
    ...more,
    ...flags.flatMap((flag) => flagLines(flag, page)),
  ]
}

function flagLines({ id, severity, reason, advice }: ValidityFlag, page: Page): string[] {
  const { dim, bold } = page.style.colors
  const { mark, paint } = validityMark(severity, page.style)
  const lead = `  ${mark} ${id}  `
  const [first = '', ...rest] = page.paragraph(reason, { first: lead, indent: INDENT })
  return [
    bold(paint(lead)) + first.slice(lead.length),
    ...rest,
    ...page.paragraph(advice, { first: `${' '.repeat(INDENT - 2)}→ `, paint: dim }),
  ]
}

const INDENT = 8

/** The values that resources are judged by; everything else is in the report. */
const main = [
  'cpu',
  'memory',
  'connections',
  'active',
  'waiting locks',
  'query mean',
  'query p95',
  'queries',
  'commands',
  'cache hit',
  'hit rate',
  'evicted',
  'deadlocks',
  'threads',
  'open files',
  'disk',
]

/** What the probes saw of the system: means, and the highest where it differs. */
export function probeLines({ probes }: ReportModel, page: Page): string[] {
  const width = Math.max(0, ...probes.map(({ probe }) => probe.length))
  return probes.flatMap(({ probe, values, trouble }) => {
    // What the plan itself asks for is wanted, and nothing else of it is there.
    const known = probe === 'prometheus' ? values : values.filter(({ name }) => main.includes(name))
    const sorted = known.toSorted((a, b) => main.indexOf(a.name) - main.indexOf(b.name))
    const figures = (sorted.length > 0 ? sorted : values.slice(0, 8)).map(valueText)
    const first = `${pad(printable(probe), width)}  `
    return figures.length > 0
      ? page.figures(figures, { first })
      : page.paragraph(trouble[0] ?? 'saw nothing', { first })
  })
}

function valueText({ name, unit, mean, max }: ProbeValue): string {
  const [average, highest] = [formatQuantity(mean, unit), formatQuantity(max, unit)]
  return average === highest ? `${name} ${average}` : `${name} ${average} (max ${highest})`
}
