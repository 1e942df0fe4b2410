/**
 * Of a message, known some time after its last receiver had it: a sample's length does not say when the message was
 * sent. What is told in a judged drain is about messages from before it, for nobody publishes while the run is stopping.
 */
export const isToldLate = (metric: string): boolean => metric === 'delivery.last_receiver'

/**
 * Judged wherever they were. Of all that a receiver got while it was there, known when it has left; and connections,
 * which are made while users arrive and come back when they can, in no steady part.
 */
export const isOfWholeRun = (metric: string): boolean => wholeRun.has(metric)

const wholeRun: ReadonlySet<string> = new Set([
  'delivery.receiver_mean',
  'delivery.receiver_max',
  'ws.connect_time',
  'socketio.connect_time',
  'sse.connect_time',
  'reconnect.time',
])
