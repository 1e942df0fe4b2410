import { millis, perSecond, seconds } from '../../base/units.ts'

/** What the calibration server waits before each answer. */
export const CALIBRATION_DELAY = millis(5)
/** The rate that the calibration plan writes; `scale` brings it to the run's own. */
export const CALIBRATION_RATE = perSecond(1000)
/** Its first second goes to code that runs for the first time, in the server above all. */
export const CALIBRATION_TIME = seconds(3)
export const CALIBRATION_WARM_UP = seconds(1)
/** Beyond this the calibration server, a single thread as well, would be what is measured. */
export const MOST_CALIBRATED = perSecond(4000)
