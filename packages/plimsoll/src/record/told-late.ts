/**
 * Of a message, known some time after its last receiver had it: a sample's length does not say when the message was
 * sent. What is told in a judged drain is about messages from before it, for nobody publishes while the run is stopping.
 */
export const isToldLate = (metric: string): boolean => metric === 'delivery.last_receiver'

/** Of all that a receiver got while it was there, known when it has left: judged wherever that was. */
export const isOfWholeRun = (metric: string): boolean =>
  metric === 'delivery.receiver_mean' || metric === 'delivery.receiver_max'
