import { arrivals, env, journey, plan } from '../../index.ts'

/** The load of the self-calibration: even arrivals at the run's own rate for three seconds, one GET each. */
const once = journey('calibrate', async (user) => {
  await user.http.get('/')
})

export default plan({
  name: 'calibration',
  system: { url: 'http://127.0.0.1' },
  journeys: [once],
  profiles: {
    calibration: { load: arrivals(Number(env('PLIMSOLL_CALIBRATION_RATE', { default: '100' }))).for('3s').max(5000) },
  },
})
