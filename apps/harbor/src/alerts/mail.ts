import { createTransport } from 'nodemailer'
import type { Alert, Channel } from './alerts.ts'

/**
 * @param url `smtp://user:password@host:port`
 * @param receivers asked each time: who is admin may change
 */
export function mailChannel(url: string, receivers: () => Promise<readonly string[]>): Channel {
  const { searchParams, hostname } = new URL(url)
  const transport = createTransport({
    url,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    // Alerts hold what strangers sent: text, and never the name of a file or a URL to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    name: 'mail',
    async send(alerts) {
      const to = [...(await receivers())]
      if (to.length === 0) throw new Error('there is no admin with an email address')
      await transport.sendMail({
        from: searchParams.get('from') ?? `harbor@${hostname}`,
        to,
        subject: subjectOf(alerts),
        text: alerts.map(paragraph).join('\n\n'),
      })
    },
    close: () => transport.close(),
  }
}

function subjectOf(alerts: readonly Alert[]): string {
  const [worst] = [...alerts].sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'))
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : ''
  return `Harbor: ${worst?.severity}: ${worst?.title}${more}`
}

function paragraph({ at, severity, title, details }: Alert): string {
  const lines = Object.entries(details).map(([name, value]) => `  ${name}: ${String(value)}`)
  return [`${at.toISOString()}  ${severity}  ${title}`, ...lines].join('\n')
}
