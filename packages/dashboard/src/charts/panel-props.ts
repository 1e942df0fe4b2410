import type { PhaseBand } from '../view/phases.ts'

export interface PanelSeries {
  readonly label: string
  readonly color: string
  readonly values: readonly (number | null)[]
  /** `area` for amounts, `step` for levels that hold until they change, `line` otherwise. */
  readonly draw?: 'line' | 'area' | 'step'
  readonly dashed?: boolean
}

export interface PanelLimit {
  readonly at: number
  readonly label: string
}

export interface TimePanelProps {
  title: string
  /** Seconds since the run's start. */
  x: readonly number[]
  series: readonly PanelSeries[]
  bands: readonly PhaseBand[]
  format: (value: number) => string
  limits?: readonly PanelLimit[]
  height?: number
  /** Phase names along the top, on the first panel of a stack. */
  phaseLabels?: boolean
  /** The time along the bottom, on the last panel of a stack. */
  timeAxis?: boolean
  log?: boolean
  compact?: boolean
  /** Ticks at powers of two, for bytes. */
  binary?: boolean
}
