import { millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { Frame } from '../wire.ts'

/** A frame with nothing but what its recorder holds; for tests. */
export function frameOf(worker: number, index: number, recorder = new Recorder()): Frame {
  return {
    index,
    from: millis(index * 1000),
    to: millis((index + 1) * 1000),
    ...recorder.swap(),
    shapes: [],
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
