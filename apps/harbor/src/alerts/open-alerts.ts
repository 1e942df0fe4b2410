import type { Logger } from 'pino'
import type { SecuritySettings } from '../environment.ts'
import { Alerts, type Channel } from './alerts.ts'
import { mailChannel } from './mail.ts'
import { webhookChannel } from './webhook.ts'

interface Admins {
  adminEmails(): Promise<readonly string[]>
}

/** Alerts go to every channel that the environment names; to the log if it names none. */
export function openAlerts({ smtpUrl, alertWebhookUrl }: SecuritySettings, admins: Admins, log: Logger): Alerts {
  const channels: Channel[] = []
  if (smtpUrl !== undefined) channels.push(mailChannel(smtpUrl, () => admins.adminEmails()))
  if (alertWebhookUrl !== undefined) channels.push(webhookChannel(alertWebhookUrl))
  return new Alerts({ channels, log })
}
