import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json, text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.stop())

/** A mail server that takes mail from `harbor` with a password. */
async function startMail() {
  const mails: { to: readonly string[]; text: string }[] = []
  let arrived: () => void = () => undefined
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'harbor' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('no')),
    onData: (stream, session, done) => {
      void text(stream).then((body) => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: body })
        done()
        arrived()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://harbor:p%40ss@127.0.0.1:${port}`,
    async mail() {
      while (mails.length === 0) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      return mails
    },
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

it('mails the admin when an account is blocked, and nobody when the layer is off', async () => {
  const mail = await startMail()
  const attacked = async (environment: Record<string, string>) => {
    const harbor = await startInstance(await postgres.database(), {
      environment: { SMTP_URL: mail.url, ...environment },
    })
    const ask = people(harbor)
    await ask.register('captain')
    for (let index = 0; index < 10; index += 1) await ask.login('captain', `guess ${index}`)
    return harbor
  }
  // Its alerts would be sent before it has closed.
  await (await attacked({ HARBOR_SECURITY: 'log,ratelimit,reputation' })).close()
  const harbor = await attacked({})
  const [first, ...others] = await mail.mail()
  expect(others).toEqual([])
  expect(first?.to).toEqual(['captain@example.org'])
  expect(first?.text).toMatch(/^Subject: Harbor: high: account blocked and 1 more\r?$/m)
  expect(first?.text).toMatch(/account: captain@example\.org/)
  expect(first?.text).toMatch(/address: 127\.0\.0\.1/)
  await harbor.close()
  await mail.stop()
})

it('posts alerts to a webhook, those that wait included when it stops', async () => {
  const received: unknown[] = []
  const hook = createServer((request, response) => {
    void json(request).then((body) => {
      received.push(body)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const { port } = hook.address() as AddressInfo
  const harbor = await startInstance(await postgres.database(), {
    environment: { ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts` },
  })
  const ask = people(harbor)
  const { refresh_token } = (await ask.register('anna')).body
  const { body } = await ask.refresh(refresh_token)
  await ask.refresh(body.refresh_token)
  await ask.refresh(refresh_token)
  await harbor.close()
  expect(received).toEqual([
    {
      alerts: [
        {
          severity: 'critical',
          title: 'refresh token reused',
          details: { address: '127.0.0.1', session: expect.any(String) },
          at: expect.stringMatching(/Z$/),
        },
      ],
    },
  ])
  hook.close()
})

it('serves on when nobody takes its mail', async () => {
  const harbor = await startInstance(await postgres.database(), { environment: { SMTP_URL: 'smtp://127.0.0.1:1' } })
  const ask = people(harbor)
  const { refresh_token, token } = (await ask.register('anna')).body
  const { body } = await ask.refresh(refresh_token)
  await ask.refresh(body.refresh_token)
  await ask.refresh(refresh_token)
  expect((await ask.me(token)).status).toBe(401)
  expect((await ask.login('anna')).status).toBe(200)
  await harbor.close()
})
