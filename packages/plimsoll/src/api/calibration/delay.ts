import { millis } from '../../base/units.ts'

/** About what the calibration server waits before each answer. */
export const CALIBRATION_DELAY = millis(5)
