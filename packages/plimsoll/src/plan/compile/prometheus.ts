import { hidePasswords } from '../../base/passwords.ts'
import type { CompiledFigure, MetricSelector, ProbeSettings, ThresholdUnit } from '../compiled.ts'
import { parseStatistic } from '../threshold/statistic.ts'
import { Reader } from './reader.ts'

const kinds = ['gauge', 'counter', 'histogram', 'share'] as const
const units = ['s', 'ms', 'B', 'ratio'] as const
type MetricUnit = (typeof units)[number] | undefined

/** @param system its URL, which a path counts from */
export function compilePrometheus(reader: Reader, system: string): ProbeSettings['prometheus'] {
  if (reader.raw('prometheus') === undefined) return undefined
  const options = reader.nested('prometheus', '{ figures } or { url, headers, figures }')
  const url = compileUrl(options, system)
  const headers = options.texts('headers')
  const figures = compileFigures(options.nested('figures', 'an object of figures by name'))
  if (options.raw('figures') === undefined) options.note('figures', undefined, 'at least one figure')
  options.finish()
  return { url, headers, figures }
}

function compileUrl(options: Reader, system: string): string {
  const given = options.text('url') ?? '/metrics'
  if (given.startsWith('/')) return URL.canParse(system) ? new URL(given, system).href : given
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given
  options.note('url', hidePasswords(given), "a path such as '/metrics', or a URL that begins with http:// or https://")
  return given
}

function compileFigures(reader: Reader): Readonly<Record<string, CompiledFigure>> {
  const entries = reader.entries()
  const names = entries.map(([name]) => name)
  const figures: Record<string, CompiledFigure> = {}
  for (const [name] of entries) {
    const fault = nameFault(name, names)
    if (fault !== undefined) reader.note(name, name, fault)
    const figure = compileFigure(reader.nested(name, formsOfFigures))
    if (figure !== undefined) figures[name] = figure
  }
  return figures
}

const formsOfFigures = '{ gauge }, { counter }, { histogram } or { share, of }'

/** Thresholds put a word behind a name to say what of it they mean. */
function nameFault(name: string, names: readonly string[]): string | undefined {
  const words = name.trim().split(/\s+/)
  if (name !== words.join(' ') || name === '') return 'a name without blanks around it'
  const last = words.at(-1) ?? ''
  if (words.length > 1 && parseStatistic(last) !== undefined)
    return `a name that does not end in ${last}: limits say that`
  const isTaken = last === 'rate' && names.includes(words.slice(0, -1).join(' '))
  return isTaken ? 'another name: this is what the rate of the other figure is called' : undefined
}

function compileFigure(reader: Reader): CompiledFigure | undefined {
  const given = kinds.filter((kind) => reader.raw(kind) !== undefined)
  const [kind] = given
  if (kind === undefined || given.length > 1) {
    reader.problems.push({ path: reader.path, got: given.join(' and ') || 'none of them', expected: formsOfFigures })
    return undefined
  }
  const figure = kind === 'share' ? compileShare(reader) : compileMetric(reader, kind)
  reader.finish()
  return figure
}

function compileShare(reader: Reader): CompiledFigure {
  const part = compileCounter(reader.nested('share', counterForm))
  const of = reader.raw('of')
  const all: readonly unknown[] = Array.isArray(of) ? of : [of]
  const whole = all.map((one, i) =>
    compileCounter(
      new Reader(
        one ?? null,
        Array.isArray(of) ? `${reader.at('of')}[${i}]` : reader.at('of'),
        reader.problems,
        counterForm,
      ),
    ),
  )
  return { kind: 'share', unit: 'ratio', part, whole }
}

const counterForm = '{ counter } or { counter, where }'

function compileCounter(reader: Reader): MetricSelector {
  const selector = compileSelector(reader, 'counter')
  reader.finish()
  return selector
}

function compileMetric(reader: Reader, kind: 'gauge' | 'counter' | 'histogram'): CompiledFigure {
  const selector = compileSelector(reader, kind)
  const unit = reader.raw('unit') === undefined ? unitOf(selector.metric) : reader.oneOf('unit', units, 's')
  return { kind, ...selector, ...(kind === 'counter' ? rateOf(unit) : levelOf(unit)) }
}

function compileSelector(reader: Reader, key: 'gauge' | 'counter' | 'histogram'): MetricSelector {
  const metric = reader.needText(key, 'the name of a metric')
  if (metric !== '' && !/^[a-zA-Z_:][\w:]*$/.test(metric)) {
    reader.note(key, metric, 'the name of a metric', metric.includes('{') ? 'labels go into `where`' : undefined)
  }
  const filter = reader.nested('where', 'an object of values by label')
  const where = Object.fromEntries(filter.entries().map(([label]) => [label, filter.list(label)]))
  return { metric, where }
}

/** By the names that Prometheus recommends: prometheus.io/docs/practices/naming. */
function unitOf(metric: string): MetricUnit {
  const [, suffix] = /_(seconds|milliseconds|ms|bytes|ratio)(?:_total)?$/.exec(metric) ?? []
  if (suffix === 'seconds') return 's'
  if (suffix === 'bytes') return 'B'
  if (suffix === 'ratio') return 'ratio'
  return suffix === undefined ? undefined : 'ms'
}

function levelOf(unit: MetricUnit): { readonly unit: ThresholdUnit; readonly factor: number } {
  if (unit === 's') return { unit: 'ms', factor: 1000 }
  return { unit: unit ?? 'count', factor: 1 }
}

/** Time per time is a share of it: seconds of CPU per second. */
function rateOf(unit: MetricUnit): { readonly unit: ThresholdUnit; readonly factor: number } {
  if (unit === 's' || unit === 'ratio') return { unit: 'ratio', factor: 1 }
  if (unit === 'ms') return { unit: 'ratio', factor: 0.001 }
  return { unit: unit === 'B' ? 'B/s' : '1/s', factor: 1 }
}
