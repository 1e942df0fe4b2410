import type { JSX } from 'preact'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { useTheme } from '../app/theme.ts'
import { useWidth } from '../parts/use-width.ts'
import { colorRamp } from '../view/color-ramp.ts'
import { brief, clock, latency, rate } from '../view/format.ts'
import { type HeatColumn, heatGrid, intensity, rowBounds } from '../view/heat-grid.ts'
import { logTicks } from '../view/ticks.ts'
import { ChartTable } from './chart-table.tsx'
import './heat-map.css'
import { useZoom } from './time-range.ts'

const HEIGHT = 300
const ROWS = 52
const MARGIN = { top: 6, right: 16, bottom: 26, left: 64 }
const STEPS = 64
/** From the paper to the ink, so that "more" is darker on light and lighter on dark. */
const stops = {
  light: ['#e4f0f6', '#9dcbe3', '#4b9ac4', '#14659a', '#0a2f57'],
  dark: ['#16252f', '#14506f', '#2f86b5', '#79bde2', '#d4eefa'],
} as const

interface Cell {
  readonly column: number
  readonly row: number
}

interface HeatMapProps {
  columns: readonly HeatColumn[]
  /** What took the time, in the plural. */
  of: 'answers' | 'deliveries'
}

/** Latency over time as density: bands show modes, stripes show stalls. */
export function HeatMap({ columns, of }: HeatMapProps): JSX.Element | null {
  const theme = useTheme()
  const zoom = useZoom()
  const host = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(host)
  const [hover, setHover] = useState<Cell | undefined>(undefined)
  const id = useId()
  const [from, to] = zoom.range ?? zoom.full
  const grid = useMemo(
    () =>
      heatGrid(
        columns.filter((column) => column.to > from && column.from < to),
        ROWS,
      ),
    [columns, from, to],
  )
  const ramp = useMemo(() => colorRamp(stops[theme], STEPS), [theme])
  const plotWidth = Math.max(0, width - MARGIN.left - MARGIN.right)
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom
  const xOf = (second: number): number => MARGIN.left + ((second - from) / (to - from)) * plotWidth

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context === null || context === undefined || grid === undefined) return
    const pixel = devicePixelRatio
    context.setTransform(pixel, 0, 0, pixel, 0, 0)
    context.clearRect(0, 0, plotWidth, plotHeight)
    grid.columns.forEach((column, at) => {
      const left = Math.round((xOf(column.from) - MARGIN.left) * pixel) / pixel
      const right = Math.round((xOf(column.to) - MARGIN.left) * pixel) / pixel
      for (let row = 0; row < grid.rows; row++) {
        const value = grid.cells[at * grid.rows + row] ?? 0
        if (value === 0) continue
        context.fillStyle = `rgb(${ramp[Math.round(intensity(value, grid.peak) * (STEPS - 1))]?.join(' ')})`
        const top = plotHeight - Math.round(((row + 1) / grid.rows) * plotHeight)
        const bottom = plotHeight - Math.round((row / grid.rows) * plotHeight)
        context.fillRect(left, top, Math.max(1 / pixel, right - left), bottom - top)
      }
    })
  }, [grid, ramp, plotWidth])

  if (grid === undefined) return null
  const yOf = (ms: number): number =>
    MARGIN.top + (1 - Math.log(ms / grid.lowest) / Math.log(grid.highest / grid.lowest)) * plotHeight
  const locate = (event: PointerEvent & { currentTarget: Element }): Cell | undefined => {
    const box = event.currentTarget.getBoundingClientRect()
    const second = from + ((event.clientX - box.left) / box.width) * (to - from)
    const column = grid.columns.findIndex((one) => second >= one.from && second < one.to)
    const row = Math.floor((1 - (event.clientY - box.top) / box.height) * grid.rows)
    return column < 0 || row < 0 || row >= grid.rows ? undefined : { column, row }
  }

  return (
    <figure class="heat-map" aria-labelledby={`${id}-title`}>
      <figcaption class="panel-head">
        <span class="panel-title" id={`${id}-title`}>
          Latency over time
        </span>
        <span class="panel-legend">
          {hover === undefined ? (
            <span class="heat-scale">
              few
              <i
                style={{
                  background: `linear-gradient(90deg, ${ramp
                    .filter((_, at) => at % 8 === 0 || at === STEPS - 1)
                    .map((rgb) => `rgb(${rgb.join(' ')})`)
                    .join(', ')})`,
                }}
              />
              many: {brief(rate(grid.peak))}
            </span>
          ) : (
            <b class="heat-reading">{cellText(grid, hover)}</b>
          )}
        </span>
      </figcaption>
      <div class="heat-host" ref={host}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {logTicks(grid.lowest, grid.highest, 8).map((ms) => (
            <g key={ms}>
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(ms)} y2={yOf(ms)} />
              <text x={MARGIN.left - 8} y={yOf(ms) + 4} text-anchor="end">
                {brief(latency(ms))}
              </text>
            </g>
          ))}
          {timeTicks(from, to, plotWidth).map((second) => (
            <text key={second} x={xOf(second)} y={HEIGHT - 8} text-anchor={anchor(xOf(second), width)}>
              {clock(second)}
            </text>
          ))}
        </svg>
        <canvas
          ref={canvas}
          class="heat-canvas"
          role="img"
          aria-label={`Latency of ${of} from ${latency(grid.lowest)} to ${latency(grid.highest)} between ${clock(from)} and ${clock(to)}`}
          width={plotWidth * devicePixelRatio}
          height={plotHeight * devicePixelRatio}
          style={{
            left: `${MARGIN.left}px`,
            top: `${MARGIN.top}px`,
            width: `${plotWidth}px`,
            height: `${plotHeight}px`,
          }}
          onPointerMove={(event) => setHover(locate(event))}
          onPointerLeave={() => setHover(undefined)}
        />
      </div>
      <ChartTable
        label="Latency over time"
        head={['Time', 'Fastest', 'Median band', 'Slowest', of]}
        rows={() => grid.columns.flatMap((_, column) => columnText(grid, column))}
      />
    </figure>
  )
}

type Grid = NonNullable<ReturnType<typeof heatGrid>>

function cellText(grid: Grid, { column, row }: Cell): string {
  const [low, high] = rowBounds(grid, row)
  const value = grid.cells[column * grid.rows + row] ?? 0
  return `${clock(grid.columns[column]?.from ?? 0)} · ${latency(low)} to ${latency(high)} · ${value === 0 ? 'none' : rate(value)}`
}

function columnText(grid: Grid, column: number): string[][] {
  const cells = grid.cells.subarray(column * grid.rows, (column + 1) * grid.rows)
  const total = cells.reduce((sum, value) => sum + value, 0)
  if (total === 0) return []
  let seen = 0
  const middle = cells.findIndex((value) => (seen += value) >= total / 2)
  const band = (row: number): string => rowBounds(grid, row).map(latency).join(' to ')
  const first = cells.findIndex((value) => value > 0)
  const last = cells.findLastIndex((value) => value > 0)
  return [[clock(grid.columns[column]?.from ?? 0), band(first), band(middle), band(last), rate(total)]]
}

function timeTicks(from: number, to: number, width: number): number[] {
  const least = ((to - from) / Math.max(1, width)) * 64
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].find((one) => one >= least) ?? 14_400
  const first = Math.ceil(from / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, at) => first + at * step)
}

const anchor = (x: number, width: number): 'end' | 'middle' => (width - x < 18 ? 'end' : 'middle')
