import type uPlot from 'uplot'
import { stretch, type Zoom } from './time-range.ts'

/** What the mouse does, by keys: the cursor step by step, zoom, and along the run. */
export function panelKeys(event: KeyboardEvent, plot: uPlot, zoom: Zoom): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const range = zoom.range ?? zoom.full
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => (event.shiftKey ? zoom.set(stretch(range, 1, -0.25, zoom.full)) : moveCursor(plot, -1)),
    ArrowRight: () => (event.shiftKey ? zoom.set(stretch(range, 1, 0.25, zoom.full)) : moveCursor(plot, 1)),
    '+': () => zoom.set(stretch(range, 0.5, 0, zoom.full)),
    '=': () => zoom.set(stretch(range, 0.5, 0, zoom.full)),
    '-': () => zoom.set(stretch(range, 2, 0, zoom.full)),
  }
  const action = actions[event.key]
  if (action === undefined) return
  event.preventDefault()
  action()
}

function moveCursor(plot: uPlot, by: number): void {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {}
  const seconds = plot.data[0]
  const start = plot.cursor.idx ?? (by > 0 ? plot.valToIdx(min) - 1 : plot.valToIdx(max) + 1)
  const second = seconds[Math.min(seconds.length - 1, Math.max(0, start + by))]
  if (second === undefined || second < min || second > max) return
  // The third parameter, which uPlot's types leave out, tells the other charts, as the mouse does.
  const setCursor: (at: { left: number; top: number }, fire: boolean, publish: boolean) => void = plot.setCursor
  setCursor({ left: plot.valToPos(second, 'x'), top: plot.over.clientHeight / 2 }, true, true)
}
