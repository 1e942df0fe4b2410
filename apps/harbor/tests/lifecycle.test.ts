import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { client } from './support/instance.ts'
import { temporaryFolder, withClient } from './support/postgres.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const started: ChildProcess[] = []

beforeAll(() => promisify(execFile)(process.execPath, [at('build.mjs')]))
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await stopAll()
  await folder[Symbol.asyncDispose]()
})

async function stopAll() {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

function run(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [at(script), ...args], {
    cwd: folder.folder,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output.text += text
      child.emit('output')
    })
  }
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, text: output.text }))
  return { child, output, ended }
}

/** Starts `dist/server.js` and waits until it listens. */
async function serve(env: Record<string, string> = {}) {
  const process = run('dist/server.js', [], env)
  for (;;) {
    const [, url] = /listens at (http:[^"\s]+)/.exec(process.output.text) ?? []
    if (url) return { ...process, url, ...client(url) }
    const state = await Promise.race([once(process.child, 'output'), process.ended])
    if (!Array.isArray(state)) throw new Error(`harbor ended: ${JSON.stringify(state)}`)
  }
}

const urlFile = () => join(folder.folder, '.harbor', 'database-url')

async function postmaster(url: string): Promise<number> {
  const text = await withClient(url, async (pg) => (await pg.query<{ dir: string }>('SHOW data_directory')).rows[0])
  const data = (text as unknown as { data_directory: string }).data_directory
  return Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10)
}

const isRunning = async (pid: number) => {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return status !== '' && !/\) [ZX] /.test(status)
}

describe('the embedded Postgres', () => {
  it('is made, told of, kept, and ends with harbor', async () => {
    const first = await serve()
    const url = (await readFile(urlFile(), 'utf8')).trim()
    expect((await stat(urlFile())).mode & 0o777).toBe(0o600)
    expect(first.output.text).not.toContain(new URL(url).password)
    const pid = await postmaster(url)
    const token = await first.enroll('device')
    await first.lock(token, 'capture')
    const began = Date.now()
    first.child.kill('SIGTERM')
    expect(await first.ended).toMatchObject({ code: 0, signal: null })
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(await isRunning(pid)).toBe(false)
    await expect(readFile(urlFile())).rejects.toThrow('ENOENT')

    const second = await serve()
    expect((await second.walk(token)).map(({ capture_id }) => capture_id)).toEqual(['capture'])
  })

  it.runIf(process.getuid?.() === 0)('lives elsewhere when only root may enter the folder', async () => {
    await chmod(folder.folder, 0o700)
    const harbor = await serve()
    const token = await harbor.enroll('device')
    const elsewhere = await readFile(join(folder.folder, '.harbor', 'postgres-folder'), 'utf8')
    try {
      expect((await harbor.lock(token, 'capture')).status).toBe(200)
      harbor.child.kill('SIGTERM')
      await harbor.ended
      expect(await (await serve()).walk(token)).toHaveLength(1)
      expect(await readFile(join(elsewhere, 'data', 'PG_VERSION'), 'utf8')).toMatch(/^\d+/)
    } finally {
      await stopAll()
      await rm(elsewhere, { recursive: true })
    }
  })

  it('ends when harbor is killed', async () => {
    const harbor = await serve()
    const pid = await postmaster(await readFile(urlFile(), 'utf8'))
    harbor.child.kill('SIGKILL')
    await harbor.ended
    const deadline = Date.now() + 20_000
    while (await isRunning(pid)) {
      expect(Date.now()).toBeLessThan(deadline)
      await delay(20)
    }
  })

  it('starts again over what a kill of both left behind, with all that was acknowledged', async () => {
    const harbor = await serve()
    const token = await harbor.enroll('device')
    for (let index = 0; index < 20; index += 1) await harbor.lock(token, `capture-${index}`)
    const pid = await postmaster(await readFile(urlFile(), 'utf8'))
    process.kill(pid, 'SIGKILL')
    harbor.child.kill('SIGKILL')
    await harbor.ended
    const again = await serve()
    expect(await again.walk(token)).toHaveLength(20)
    expect((await again.verify()).body.valid).toBe(true)
  })

  it('is one harbor at a time', async () => {
    await serve()
    const { code, text } = await run('dist/server.js').ended
    expect(code).toBe(1)
    expect(text).toMatch(/Another harbor \(process \d+\) uses the embedded Postgres/)
    expect(text).not.toContain('    at ')
  })

  it('is shared by harbors that are given its URL', async () => {
    const first = await serve()
    const second = await serve({ DATABASE_URL: await readFile(urlFile(), 'utf8') })
    const token = await first.enroll('device')
    await second.lock(token, 'capture')
    expect(await first.walk(token)).toHaveLength(1)
  })
})

describe('stopping', () => {
  it('answers what is under way and what comes on open connections, then ends with 0', async () => {
    const harbor = await serve()
    const token = await harbor.enroll('device')
    const body = JSON.stringify({ capture_id: 'slow', proof_data: 'data', metadata: {} })
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    }
    const slow = request(`${harbor.url}/lock-proof`, { method: 'POST', headers })
    slow.write(body.slice(0, 10))
    // Answered after it: so the slow request's beginning has arrived.
    await harbor.send('GET', '/health')
    harbor.child.kill('SIGTERM')
    while (!harbor.output.text.includes('stopping')) await once(harbor.child, 'output')
    slow.end(body.slice(10))
    const [answer] = await once(slow, 'response')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers.connection).toBe('close')
    answer.resume()
    expect(await harbor.ended).toMatchObject({ code: 0 })
  })

  it('cuts off a client that never finishes, in time', async () => {
    const harbor = await serve()
    const stuck = request(`${harbor.url}/device/enroll`, { method: 'POST', headers: { 'content-length': 100 } })
    stuck.on('error', () => undefined)
    stuck.write('{')
    await harbor.send('GET', '/health')
    const began = Date.now()
    harbor.child.kill('SIGTERM')
    expect(await harbor.ended).toMatchObject({ code: 0 })
    expect(Date.now() - began).toBeLessThan(10_000)
  })
})

describe('starting', () => {
  it('needs no Redis to be there, says that it is not ready, and stops as always', async () => {
    const harbor = await serve({ REDIS_URL: 'redis://127.0.0.1:1' })
    expect(await harbor.send('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { error: { details: [{ path: 'redis' }] } },
    })
    expect((await harbor.enroll('device')).length).toBeGreaterThan(0)
    harbor.child.kill('SIGTERM')
    expect(await harbor.ended).toMatchObject({ code: 0, signal: null })
  })

  it('names all problems of the environment', async () => {
    const { code, text } = await run('dist/server.js', [], { PORT: 'x', LOG_LEVEL: 'loud', NODE_ENV: 'production' })
      .ended
    expect(code).toBe(1)
    for (const name of ['PORT', 'LOG_LEVEL', 'HARBOR_SECRET']) expect(text).toContain(`\n  ${name} must be`)
  })

  it('says so when its port is taken, and leaves no Postgres behind', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { code, text } = await run('dist/server.js', [], { PORT: String(port) }).ended
    server.close()
    expect(code).toBe(1)
    expect(text).toMatch(/EADDRINUSE.*Set PORT to a free one\./)
    await expect(readFile(urlFile())).rejects.toThrow('ENOENT')
  })
})

it('migrates by hand', async () => {
  const lines = async (...args: string[]) => {
    const { code, text } = await run('dist/migrate.js', args).ended
    return `${code} ${text.trim()}`
  }
  expect(await lines('status')).toMatch(/^0 1 {2}proofs\/devices-and-ledger {2}pending/)
  expect(await lines('up')).toMatch(/^0 applied 1 proofs\/devices-and-ledger/)
  expect(await lines('up')).toBe('0 nothing to do')
  expect(await lines('down')).toMatch(/^0 took back/)
  expect(await lines('sideways')).toMatch(/^2 node dist\/migrate\.js up/)
})
