import { journey } from '../../plan/journey.ts'
import { arrivals } from '../../plan/load/arrivals.ts'
import { plan } from '../../plan/plan.ts'
import { CALIBRATION_RATE } from './delay.ts'

/** The load of the self-calibration: one GET an arrival, scaled to the run's own rate. */
const once = journey('calibrate', async (user) => {
  await user.http.get('/')
})

export default plan({
  name: 'calibration',
  system: { url: 'http://127.0.0.1' },
  journeys: [once],
  profiles: { calibration: { load: arrivals(CALIBRATION_RATE).for('3s').max(5000) } },
})
