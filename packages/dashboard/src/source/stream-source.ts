import type { RunEvent } from '../../../plimsoll/src/record/events.ts'
import type { Source } from './source.ts'

/** A run under way, read from any async stream of batches; listeners that come late get what they missed. */
export function streamSource(batches: AsyncIterable<readonly RunEvent[]>): Source {
  const soFar: RunEvent[] = []
  const listeners = new Set<(events: readonly RunEvent[]) => void>()
  const read = async (): Promise<void> => {
    for await (const batch of batches) {
      for (const event of batch) soFar.push(event)
      for (const listener of listeners) listener(batch)
    }
  }
  void read()
  return {
    subscribe(listener) {
      if (soFar.length > 0) listener(soFar.slice())
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
