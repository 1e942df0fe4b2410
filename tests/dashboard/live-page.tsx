import { render } from 'preact'
import { App } from '../../packages/dashboard/src/app/app.tsx'
import { streamSource } from '../../packages/dashboard/src/source/stream-source.ts'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'

declare global {
  interface Window {
    /** Hands the page its next batch of events. */
    push: (events: readonly RunEvent[]) => void
  }
}

async function* batches(): AsyncGenerator<readonly RunEvent[]> {
  for (;;) yield await new Promise<readonly RunEvent[]>((resolve) => (window.push = resolve))
}

const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  render(<App source={streamSource(batches())} verdict={undefined} />, root)
}
