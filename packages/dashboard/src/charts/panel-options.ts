import uPlot from 'uplot'
import { brief, clock } from '../view/format.ts'
import { logTicks } from '../view/ticks.ts'
import { resolveColor } from './colors.ts'
import { drawLimits, drawPhases } from './panel-marks.ts'
import type { PanelSeries, TimePanelProps } from './panel-props.ts'
import type { TimeRange } from './time-range.ts'

/** All panels with this key share the cursor. */
const SYNC = 'run'
/** Wide enough for `1,240 ms`, and the same on all panels so that their time axes line up. */
const AXIS_WIDTH = 64
const COMPACT_AXIS_WIDTH = 56
/** Room for the last time's right half. */
const RIGHT = 16
/** Above a limit's line, for its label. */
const LABEL_ROOM = 18
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'

interface PanelSettings {
  readonly width: number
  readonly height: number
  /** The panel as it is now; hooks must not keep an old one. */
  readonly current: () => TimePanelProps
  readonly range: () => TimeRange
  readonly onCursor: (index: number | undefined) => void
  readonly onSelect: (range: TimeRange) => void
  readonly onReset: () => void
}

export function panelOptions(settings: PanelSettings): uPlot.Options {
  const { width, height, current, range } = settings
  const { series, log = false, timeAxis = true, phaseLabels = false, compact = false, binary = false } = current()
  const ink = resolveColor('var(--ink-3)')
  const grid = { stroke: resolveColor('var(--line)'), width: 1 }
  return {
    width,
    height: height + (timeAxis ? 24 : 0) + (phaseLabels ? 18 : 0),
    padding: [phaseLabels ? 22 : 6, RIGHT, timeAxis ? 0 : 6, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [...range()] },
      y: log ? { distr: 3, range: logRange } : { range: (_, __, max) => [0, topOf(max, current())] },
    },
    axes: [
      {
        show: timeAxis,
        size: 24,
        stroke: ink,
        font: FONT,
        grid: { show: false },
        ticks: { show: false },
        gap: 6,
        space: 64,
        incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200],
        values: (_, splits) => splits.map((second) => clock(second)),
      },
      {
        size: compact ? COMPACT_AXIS_WIDTH : AXIS_WIDTH,
        stroke: ink,
        font: FONT,
        grid,
        ticks: { show: false },
        gap: 8,
        space: 32,
        ...(log ? { splits: logSplits } : {}),
        ...(binary ? { incrs: powersOfTwo } : {}),
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map((value) => brief(current().format(value))),
      },
    ],
    series: [{}, ...series.map(drawn)],
    cursor: {
      y: false,
      sync: { key: SYNC, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: {
        dblclick: () => () => {
          settings.onReset()
          return null
        },
      },
    },
    hooks: {
      drawClear: [(plot) => drawPhases(plot, current().bands, phaseLabels)],
      draw: [(plot) => drawLimits(plot, current().limits ?? [])],
      setCursor: [({ cursor: { idx } }) => settings.onCursor(idx ?? undefined)],
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select
          if (selected < 4) return
          settings.onSelect([plot.posToVal(left, 'x'), plot.posToVal(left + selected, 'x')])
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
}

function drawn({ label, color, draw = 'line', dashed }: PanelSeries): uPlot.Series {
  const stroke = resolveColor(color)
  return {
    label,
    stroke,
    width: dashed === true ? 1 : 1.5,
    points: { show: false },
    ...(dashed === true ? { dash: [4, 3] } : {}),
    ...(draw === 'area' ? { fill: resolveColor(`color-mix(in srgb, ${color} 16%, transparent)`) } : {}),
    ...(draw === 'step' && uPlot.paths.stepped !== undefined ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
  }
}

/** Room above the highest value; a limit is shown when it is near enough not to flatten the data. */
function topOf(max: number | null, { limits = [], height = 0 }: TimePanelProps): number {
  const most = max ?? 0
  const near = limits.map((limit) => limit.at).filter((at) => most > 0 && at <= most * 4)
  const highest = Math.max(0, ...near)
  const label = height > 0 ? height / Math.max(1, height - LABEL_ROOM) : 1
  const top = Math.max(most * 1.12, highest * label)
  return top > 0 ? top : 1
}

const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power)

const logRange: uPlot.Range.Function = (_, min, max) => {
  const low = min ?? 1
  const high = max ?? 10
  return [low / 1.15, Math.max(high, low * 2) * 1.15]
}

const logSplits: uPlot.Axis.Splits = (_, __, min, max) => logTicks(min, max, 6)
