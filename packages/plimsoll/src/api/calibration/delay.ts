import { millis } from '../../base/units.ts'

/** What the calibration server waits before each answer. */
export const CALIBRATION_DELAY = millis(5)
