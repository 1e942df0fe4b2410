import { micros, millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { Frame } from '../wire.ts'

/** A frame with nothing but what its recorder holds: for the rehearsal, and for tests. */
export function frameOf(worker: number, index: number, recorder = new Recorder()): Frame {
  return {
    index,
    from: millis(index * 1000),
    to: millis((index + 1) * 1000),
    ...recorder.swap(),
    shapes: [],
    connections: [],
    messages: [],
    deliveries: [],
    lastReceipts: { messages: [], micros: [] },
    bytesSent: 0,
    bytesReceived: 0,
    generator: {
      worker,
      loopDelayP50: 0,
      loopDelayP99: 0,
      loopDelayMax: 0,
      utilization: 0,
      cpu: 0,
      gcMs: 0,
      heapBytes: 0,
      clockStep: 0,
      openConnections: 0,
      inFlightRequests: 0,
      inFlightArea: 0,
      atCap: 0,
    },
    exemplars: [],
    faults: [],
  }
}

const METRICS = ['http.response_time', 'http.service_time', 'http.wait_time']
const ENDPOINTS = 3
const SAMPLES = 300

/** A frame as busy as a real one, of made-up samples. */
export function rehearsalFrame(index: number): Frame {
  const recorder = new Recorder()
  for (const metric of METRICS) {
    for (let endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
      const series = recorder.series(metric, 'endpoint', `endpoint ${endpoint}`)
      for (let i = 0; i < SAMPLES; i++) series.record(micros(Math.round(1.03 ** i * 10)), i % 50 === 0)
    }
  }
  recorder.check('rehearsed', true)
  recorder.error('HTTP_500', 'endpoint 0')
  return frameOf(0, index, recorder)
}
