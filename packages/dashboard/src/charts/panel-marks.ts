import type uPlot from 'uplot'
import type { PhaseBand } from '../view/phases.ts'
import { resolveColor } from './colors.ts'
import type { PanelLimit } from './panel-props.ts'

const font = (): string =>
  `${10.5 * devicePixelRatio}px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif`

/** Shades what thresholds do not look at, and names the phases above the plot. */
export function drawPhases(plot: uPlot, bands: readonly PhaseBand[], labels: boolean): void {
  const { ctx, bbox } = plot
  const [shade, edge, ink] = ['var(--shade)', 'var(--line-2)', 'var(--ink-3)'].map(resolveColor)
  ctx.save()
  ctx.font = font()
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  for (const band of bands) {
    const left = clampX(plot, band.from)
    const right = clampX(plot, band.to)
    if (right - left < 1) continue
    if (band.phase !== 'steady') {
      ctx.fillStyle = shade ?? ''
      ctx.fillRect(left, bbox.top, right - left, bbox.height)
    }
    if (!labels) continue
    const pixel = devicePixelRatio
    ctx.fillStyle = edge ?? ''
    ctx.fillRect(left, bbox.top - 18 * pixel, pixel, 18 * pixel)
    if (ctx.measureText(band.phase).width + 8 * pixel > right - left) continue
    ctx.fillStyle = ink ?? ''
    ctx.fillText(band.phase, left + 5 * pixel, bbox.top - 7 * pixel)
  }
  ctx.restore()
}

/** A threshold as a dashed line across the plot, its limit written at the right end. */
export function drawLimits(plot: uPlot, limits: readonly PanelLimit[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.font = font()
  ctx.textAlign = 'right'
  ctx.textBaseline = 'alphabetic'
  ctx.lineJoin = 'round'
  const [color = '', paper = ''] = ['var(--bad)', 'var(--bg)'].map(resolveColor)
  ctx.fillStyle = color
  for (const { at, label } of limits) {
    const y = Math.round(plot.valToPos(at, 'y', true))
    if (y < bbox.top || y > bbox.top + bbox.height) continue
    ctx.strokeStyle = color
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    const x = bbox.left + bbox.width - 4 * devicePixelRatio
    const textY = y - bbox.top > 16 * devicePixelRatio ? y - 5 * devicePixelRatio : y + 13 * devicePixelRatio
    // A halo of paper keeps the label readable where a line runs through it.
    ctx.strokeStyle = paper
    ctx.lineWidth = 3 * devicePixelRatio
    ctx.setLineDash([])
    ctx.strokeText(label, x, textY)
    ctx.fillText(label, x, textY)
  }
  ctx.restore()
}

function clampX(plot: uPlot, second: number): number {
  const { left, width } = plot.bbox
  return Math.min(left + width, Math.max(left, plot.valToPos(second, 'x', true)))
}
