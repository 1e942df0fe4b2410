import type { Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'
import type { RunEvent } from '../../../plimsoll/src/record/events.ts'
import type { Source } from './source.ts'

export interface EmbeddedRun {
  readonly events: readonly RunEvent[]
  /** By event and room, where the events tell them by event only. */
  readonly deliveries?: readonly DeliveryCounts[]
  readonly verdict: Verdict
}

/** Reads what the report writer put into the page: base64 of deflate-raw of JSON; undefined when there is nothing. */
export async function readEmbeddedRun(page: Document): Promise<EmbeddedRun | undefined> {
  const text = page.getElementById('plimsoll-data')?.textContent?.trim()
  if (text === undefined || text === '') return undefined
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(plain).text()) as EmbeddedRun
}

/** A run that is over: all its events at once, and never more. */
export function embeddedSource(run: EmbeddedRun): Source {
  return {
    ...(run.deliveries === undefined ? {} : { deliveries: run.deliveries }),
    subscribe(listener) {
      listener(run.events)
      return () => {}
    },
  }
}
