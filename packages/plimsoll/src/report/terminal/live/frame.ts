import stringWidth from 'string-width'
import { type Millis, millis } from '../../../base/units.ts'
import {
  formatClock,
  formatCount,
  formatFound,
  formatLimit,
  formatMillis,
  formatNumber,
  formatPercent,
} from '../../format.ts'
import { type TerminalStyle, toAscii } from '../style.ts'
import { cut, pad, printable } from '../text.ts'
import { closestThreshold } from './closest-threshold.ts'
import { type LiveFigures, liveFigures } from './figures.ts'
import { expectedEnd, type ShapeProgress, shapeProgress } from './progress.ts'
import type { LiveSnapshot, LiveStage } from './snapshot.ts'
import { socketParts } from './socket-figures.ts'

export interface FrameInput {
  readonly stage: LiveStage
  readonly snapshot: LiveSnapshot | undefined
  /** Since the load began, or, before, since this stage did. */
  readonly elapsed: Millis
  /** Counts up with every frame. */
  readonly turn: number
}

const MARGIN = 2
const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']
const asciiSpinner = [...'-\\|/']
const MOST_SHAPES = 6

/** The live view as lines, none of them as wide as the terminal, so that it never wraps. */
export function renderFrame(input: FrameInput, columns: number, style: TerminalStyle): string[] {
  const width = Math.max(10, columns - MARGIN - 1)
  const { stage, snapshot } = input
  const lines =
    snapshot === undefined || stage.kind === 'preparing' || stage.kind === 'finishing'
      ? [waiting(input, width, style)]
      : running(input, snapshot, width, style)
  return lines.map((line) => ' '.repeat(MARGIN) + (style.unicode ? line : toAscii(line)))
}

function waiting({ stage, elapsed, turn }: FrameInput, width: number, style: TerminalStyle): string {
  const frames = style.unicode ? spinner : asciiSpinner
  const what = stage.kind === 'preparing' || stage.kind === 'finishing' ? stage.what : 'getting ready'
  const time = elapsed >= 2000 ? `  ${formatClock(elapsed)}` : ''
  const text = cut(printable(what), width - 2 - time.length)
  return `${style.colors.cyan(frames[turn % frames.length] ?? '')} ${text}${style.colors.dim(time)}`
}

function running(
  { stage, elapsed }: FrameInput,
  snapshot: LiveSnapshot,
  width: number,
  style: TerminalStyle,
): string[] {
  const { record } = snapshot
  const { plan } = record.started
  const figures = liveFigures(record)
  const end = expectedEnd(plan.shapes)
  const clock =
    end === undefined || elapsed > end ? formatClock(elapsed) : `${formatClock(elapsed)} of ${formatClock(millis(end))}`
  const title = `${plan.name} · ${plan.profile}`
  const shapes = shapeProgress(record, elapsed)
  return [
    spread(style.colors.bold(cut(printable(title), width - clock.length - 2)), style.colors.dim(clock), width),
    ...bars(shapes.slice(0, MOST_SHAPES), width, style),
    ...(shapes.length > MOST_SHAPES ? [style.colors.dim(`and ${shapes.length - MOST_SHAPES} more shapes`)] : []),
    ...(stage.kind === 'stopping' ? [stopping(stage.why, figures, width, style)] : []),
    ...figureLines(figureParts(figures, style), width, style),
    ...figureLines(socketParts(record, style), width, style),
    ...thresholdLine(snapshot, width, style),
  ]
}

function spread(left: string, right: string, width: number): string {
  return left + ' '.repeat(Math.max(1, width - stringWidth(left) - stringWidth(right))) + right
}

function stopping(why: string, { inFlight }: LiveFigures, width: number, { colors }: TerminalStyle): string {
  const left = inFlight > 0 ? ` · ${formatCount(inFlight)} under way` : ''
  return colors.yellow(cut(`stopping: ${printable(why)}${left}`, width))
}

const LEAST_BAR = 8
const MOST_BAR = 48

/** Name, bar, amount and stage of each shape; first the stage goes, then the amount, then the name is cut. */
function bars(shapes: readonly ShapeProgress[], width: number, style: TerminalStyle): string[] {
  const { dim, cyan } = style.colors
  const widest = (of: (shape: ShapeProgress) => string): number =>
    Math.max(...shapes.map((shape) => stringWidth(of(shape))))
  const percent = 5
  const name = Math.min(
    widest((shape) => printable(shape.name)),
    Math.max(4, Math.floor(width / 4)),
  )
  const rest = width - name - percent - 2
  const amount = widest((shape) => shape.amount) + 2
  const stage = widest((shape) => shape.stage) + 2
  const showsAmount = rest - amount >= LEAST_BAR
  const showsStage = showsAmount && rest - amount - stage >= LEAST_BAR
  const room = Math.min(MOST_BAR, rest - (showsAmount ? amount : 0) - (showsStage ? stage : 0))
  return shapes.map((shape) => {
    const [filled, empty] = bar(shape.done, room, style)
    const share = `${Math.floor(shape.done * 100)} %`
    return [
      pad(cut(printable(shape.name), name), name),
      `  ${cyan(filled)}${dim(empty)}`,
      pad(share, percent, 'right'),
      showsAmount ? `  ${pad(shape.amount, amount - 2, 'right')}` : '',
      showsStage ? `  ${dim(shape.stage)}` : '',
    ].join('')
  })
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

function bar(done: number, room: number, { unicode }: TerminalStyle): readonly [filled: string, empty: string] {
  const steps = Math.round(done * room * (unicode ? 8 : 1))
  const whole = Math.floor(steps / (unicode ? 8 : 1))
  const filled = '█'.repeat(whole) + (unicode ? (eighths[steps % 8] ?? '') : '')
  return [filled, '░'.repeat(Math.max(0, room - stringWidth(filled)))]
}

/** As many lines as it takes. */
function figureLines(parts: readonly string[], width: number, { colors }: TerminalStyle): string[] {
  const { dim } = colors
  const lines: string[] = []
  for (const part of parts) {
    const joined = lines.length === 0 ? part : `${lines.at(-1)}${dim(' · ')}${part}`
    if (lines.length > 0 && stringWidth(joined) <= width) lines[lines.length - 1] = joined
    else lines.push(part)
  }
  return lines
}

/** Also for a line of a log. */
export function figureParts(figures: LiveFigures, { colors }: TerminalStyle): string[] {
  const { red, green, yellow, bold } = colors
  const { users, rate, counted, p95, errors, errorShare, dropped, generator } = figures
  const errorText =
    errors === 0 || errorShare === undefined ? '0' : `${formatCount(errors)} (${formatPercent(errorShare)})`
  const health = { good: green('●'), strained: yellow('● strained'), overloaded: red('● overloaded') }
  return [
    `${bold(formatCount(users))} users`,
    `${bold(formatNumber(rate))} ${counted}/s`,
    `p95 ${bold(p95 === undefined ? '–' : formatMillis(p95))}`,
    `errors ${errors === 0 ? '0' : red(errorText)}`,
    ...(dropped === 0 ? [] : [`dropped ${yellow(formatCount(dropped))}`]),
    ...(generator === undefined ? [] : [`generator ${health[generator]}`]),
  ]
}

function thresholdLine({ record, thresholds }: LiveSnapshot, width: number, { colors }: TerminalStyle): string[] {
  if (thresholds.length === 0) return []
  const missed = thresholds.filter(({ verdict }) => verdict === 'missed').length
  const met = thresholds.filter(({ verdict }) => verdict === 'met').length
  const { green, red, dim } = colors
  const closest = closestThreshold(record.started.plan.thresholds, thresholds)
  if (closest === undefined) return [dim(cut(`${formatCount(thresholds.length)} thresholds, no data yet`, width))]
  const about = `${closest.subject} ${closest.metric} ${formatFound(closest)}, limit ${formatLimit(closest)}`
  const count = missed > 0 ? `${missed} of ${thresholds.length} missed` : `${met} of ${thresholds.length} hold`
  const lead = `${missed > 0 ? '✗' : '✓'} ${count}`
  const text = cut(`${lead} · ${missed > 0 ? 'worst' : 'closest'}: ${printable(about)}`, width)
  return [(missed > 0 ? red : green)(text.slice(0, lead.length)) + dim(text.slice(lead.length))]
}
