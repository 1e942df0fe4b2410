import { formatMillis, NO_DATA } from '../format.ts'
import type { Figure } from '../latency-row.ts'

/** A percentile: `≈` hangs on fewer than ten samples, `≥` lies among exchanges that were cut off. */
export function figureCell(figure: Figure | undefined): string {
  if (figure === undefined) return NO_DATA
  return `${figure.atLeast ? '≥ ' : figure.isRough ? '≈ ' : ''}${formatMillis(figure.value)}`
}
