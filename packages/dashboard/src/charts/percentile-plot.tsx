import type { JSX } from 'preact'
import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { isRough } from '../../../plimsoll/src/measure/quantile-doubt.ts'
import type { Distribution } from '../../../plimsoll/src/record/run-record.ts'
import { useWidth } from '../parts/use-width.ts'
import { brief, latency, significant } from '../view/format.ts'
import { type CurvePoint, ninesOf, percentileCurve } from '../view/percentile-curve.ts'
import { quantileDoubt, quantileName } from '../view/quantiles.ts'
import { evenTicks, logTicks } from '../view/ticks.ts'
import { ChartTable } from './chart-table.tsx'
import './percentile-plot.css'

export interface PercentileLine {
  readonly label: string
  readonly color: string
  readonly distribution: Distribution
  /** Drawn broad and pale below the others, so that both are seen where they agree. */
  readonly under?: boolean
}

interface PercentilePlotProps {
  lines: readonly PercentileLine[]
  /** Thresholds on quantiles, in milliseconds. */
  limits: readonly { readonly q: number; readonly ms: number; readonly label: string }[]
  /** A logarithmic latency axis. */
  log: boolean
}

const MARKED = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999]
const TABLED = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999]
const HEIGHT = 300
const MARGIN = { top: 14, right: 14, bottom: 28, left: 62 }

/** Latency at every percentile, with as much room for each further nine: where tails are seen. */
export function PercentilePlot({ lines, limits, log }: PercentilePlotProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null)
  const width = useWidth(host)
  const [hover, setHover] = useState<number | undefined>(undefined)
  const id = useId()
  const curves = useMemo(() => lines.map(({ distribution }) => percentileCurve(distribution.histogram)), [lines])
  const all = curves.flat()
  const nines = Math.max(1, ...all.map(({ q }) => ninesOf(q)).filter(Number.isFinite))
  const low = log ? Math.min(...all.map(({ ms }) => Math.max(ms, 0.001))) / 1.15 : 0
  const high = Math.max(...all.map(({ ms }) => ms), ...limits.map(({ ms }) => ms)) * (log ? 1.2 : 1.08)
  const plotWidth = Math.max(0, width - MARGIN.left - MARGIN.right)
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom
  const xOf = (q: number): number => MARGIN.left + (Math.min(ninesOf(q), nines) / nines) * plotWidth
  const yOf = (ms: number): number =>
    MARGIN.top + (1 - (log ? Math.log(Math.max(ms, low) / low) / Math.log(high / low) : ms / high)) * plotHeight
  const qAt = (x: number): number => 1 - 10 ** (-Math.min(1, Math.max(0, (x - MARGIN.left) / plotWidth)) * nines)
  const marks = MARKED.filter((q) => ninesOf(q) <= nines)
  const room = plotWidth / nines
  // A narrow plot names every other nine.
  const named = marks.filter((q, at) => (q === 0.5 ? room > 56 : room > 44 || at % 2 === 1))

  return (
    <figure class="percentile-plot" aria-labelledby={`${id}-title`}>
      <figcaption class="panel-head">
        <span class="panel-title" id={`${id}-title`}>
          Latency by percentile
        </span>
        <span class="panel-legend">
          {hover !== undefined && <span class="panel-time">p{significant(Math.min(99.9999, hover * 100))}</span>}
          {lines.map(({ label, color, under }, index) => (
            <span class="panel-key" key={label}>
              <i class={under === true ? 'swatch under' : 'swatch'} style={{ '--swatch': color }} />
              {label}
              {hover !== undefined && <b>{latencyAt(lines[index], curves[index], hover)}</b>}
            </span>
          ))}
        </span>
      </figcaption>
      <div
        ref={host}
        class="percentile-host"
        onPointerMove={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect()
          setHover(qAt(event.clientX - left))
        }}
        onPointerLeave={() => setHover(undefined)}
      >
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={summaryOf(lines, curves)}>
            {(log ? logTicks(low, high, 8) : evenTicks(high, 6)).map((ms) => (
              <g key={ms}>
                <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(ms)} y2={yOf(ms)} />
                <text class="tick" x={MARGIN.left - 8} y={yOf(ms) + 4} text-anchor="end">
                  {brief(latency(ms))}
                </text>
              </g>
            ))}
            {marks.map((q) => (
              <line class="grid" key={q} x1={xOf(q)} x2={xOf(q)} y1={MARGIN.top} y2={MARGIN.top + plotHeight} />
            ))}
            {named.map((q) => (
              <text
                class="tick"
                key={q}
                x={xOf(q)}
                y={HEIGHT - 8}
                text-anchor={q === marks.at(-1) && nines - ninesOf(q) < 0.2 ? 'end' : 'middle'}
              >
                {quantileName(q)}
              </text>
            ))}
            {lines.map(({ label, color, distribution, under }, index) => {
              const curve = curves[index] ?? []
              const firm = curve.filter(({ q }) => !isRough(q, distribution.count))
              return [firm, curve.slice(Math.max(0, firm.length - 1))].map((part, at) => (
                <path
                  key={`${label} ${at}`}
                  class={`curve${under === true ? ' under' : ''}${at === 1 ? ' rough-tail' : ''}`}
                  style={{ stroke: color }}
                  d={part
                    .map(({ q, ms }, step) => `${step === 0 ? 'M' : 'L'}${xOf(q).toFixed(1)} ${yOf(ms).toFixed(1)}`)
                    .join('')}
                />
              ))
            })}
            {limits
              .filter(({ q }) => ninesOf(q) <= nines)
              .map(({ q, ms, label }) => (
                <g key={`${q} ${label}`}>
                  <line class="limit" x1={xOf(q) - 16} x2={xOf(q) + 16} y1={yOf(ms)} y2={yOf(ms)} />
                  <text class="limit-label" x={xOf(q)} y={yOf(ms) - 6} text-anchor="middle">
                    {quantileName(q)} {label}
                  </text>
                </g>
              ))}
            {hover !== undefined && (
              <line class="hairline" x1={xOf(hover)} x2={xOf(hover)} y1={MARGIN.top} y2={MARGIN.top + plotHeight} />
            )}
          </svg>
        )}
      </div>
      <ChartTable
        label="Latency by percentile"
        head={['Percentile', ...lines.map(({ label }) => label)]}
        rows={() =>
          TABLED.filter((q) => ninesOf(q) <= nines).map((q) => [
            quantileName(q),
            ...lines.map((line, index) => latencyAt(line, curves[index], q)),
          ])
        }
      />
    </figure>
  )
}

/** The curve's latency at the first quantile at or above `q`, with the sign of what is to be said about it. */
function latencyAt(line: PercentileLine | undefined, curve: readonly CurvePoint[] | undefined, q: number): string {
  const point = curve?.find((one) => one.q >= q - 1e-9) ?? curve?.at(-1)
  if (line === undefined || point === undefined) return '–'
  const doubt = quantileDoubt(q, line.distribution.count, line.distribution.censored)
  return doubt === undefined ? latency(point.ms) : `${doubt.sign} ${latency(point.ms)}`
}

const summaryOf = (lines: readonly PercentileLine[], curves: readonly (readonly CurvePoint[])[]): string =>
  lines
    .map(
      (line, index) =>
        `${line.label}: ${[0.5, 0.9, 0.99].map((q) => `${quantileName(q)} ${latencyAt(line, curves[index], q)}`).join(', ')}`,
    )
    .join('. ')
