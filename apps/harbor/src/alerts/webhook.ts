import type { Channel } from './alerts.ts'

const patience = 5_000

/** Posts `{ alerts: [{ severity, title, details, at }] }` as JSON. */
export function webhookChannel(url: string): Channel {
  return {
    name: 'webhook',
    async send(alerts) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ alerts }),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`)
    },
    close: () => undefined,
  }
}
