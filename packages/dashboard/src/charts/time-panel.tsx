import type { JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { useTheme } from '../app/theme.ts'
import { useWidth } from '../parts/use-width.ts'
import { clock } from '../view/format.ts'
import { panelKeys } from './panel-keys.ts'
import { panelOptions } from './panel-options.ts'
import type { PanelSeries, TimePanelProps } from './panel-props.ts'
import { clampRange, useZoom } from './time-range.ts'
import { reading } from './time-table.tsx'
import './time-panel.css'

/** One chart over time. All panels of the page share the cursor and the stretch of time they show. */
export function TimePanel(props: TimePanelProps): JSX.Element {
  const { title, x, series, bands, format, height = 120, log = false, compact = false } = props
  const theme = useTheme()
  const zoom = useZoom()
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const width = useWidth(host)
  const [at, setAt] = useState<number | undefined>(undefined)
  const id = useId()
  const [from, to] = zoom.range ?? zoom.full
  const latest = useRef({ props, zoom })
  latest.current = { props, zoom }
  const layout = series.map(({ label, draw, dashed }) => `${label}${draw}${dashed}`).join('|')
  const limits = (props.limits ?? []).map((limit) => limit.at).join()

  useEffect(() => {
    if (host.current === null || width === 0) return
    const options = panelOptions({
      width,
      height,
      current: () => latest.current.props,
      range: () => latest.current.zoom.range ?? latest.current.zoom.full,
      onCursor: setAt,
      onSelect: (range) => latest.current.zoom.set(clampRange(range, latest.current.zoom.full)),
      onReset: () => latest.current.zoom.set(undefined),
    })
    const made = new uPlot(options, dataOf(latest.current.props), host.current)
    plot.current = made
    return () => {
      made.destroy()
      plot.current = undefined
    }
  }, [theme, width, height, layout, limits, log])
  useEffect(() => plot.current?.setData(dataOf(props), true), [x, ...series.map(({ values }) => values), bands])
  useEffect(() => plot.current?.setScale('x', { min: from, max: to }), [from, to])

  const summary = `${title} from ${clock(from)} to ${clock(to)}. Left and right move the cursor, plus and minus zoom, Escape shows the whole run.`
  return (
    <figure class={compact ? 'panel panel-compact' : 'panel'} aria-labelledby={`${id}-title`}>
      <figcaption class="panel-head">
        <span class="panel-title" id={`${id}-title`}>
          {title}
        </span>
        <span class="panel-legend">
          {at !== undefined && x[at] !== undefined && <span class="panel-time">{clock(x[at], true)}</span>}
          {series.map((one) => (
            <Reading key={one.label} series={one} at={at} format={format} isOnly={series.length === 1} />
          ))}
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a chart */}
      <div
        class="panel-plot"
        role="group"
        aria-roledescription="chart"
        aria-label={summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is driven by keys, cursor and zoom
        tabIndex={0}
        ref={host}
        onKeyDown={(event) => plot.current !== undefined && panelKeys(event, plot.current, zoom)}
      />
    </figure>
  )
}

function Reading(props: ReadingProps): JSX.Element {
  const { series, at, format, isOnly } = props
  return (
    <span class="panel-key">
      {!isOnly && (
        <i class={series.dashed === true ? 'swatch dashed' : 'swatch'} style={{ '--swatch': series.color }} />
      )}
      {!isOnly && series.label}
      {at !== undefined && <b>{reading(series.values[at], format)}</b>}
    </span>
  )
}

interface ReadingProps {
  series: PanelSeries
  at: number | undefined
  format: TimePanelProps['format']
  /** The title already says what a single series is. */
  isOnly: boolean
}

/** uPlot only reads; a log scale cannot draw 0. */
function dataOf({ x, series, log }: TimePanelProps): uPlot.AlignedData {
  const columns = series.map(({ values }) =>
    log === true ? values.map((value) => (value !== null && value > 0 ? value : null)) : values.slice(),
  )
  return [x.slice(), ...columns]
}
