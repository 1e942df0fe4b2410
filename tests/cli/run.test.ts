import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWith, readJson, run, runFolder, start } from '../support/plimsoll.ts'
import { serve, type TestServer } from '../support/server.ts'

let server: TestServer
const asked: string[] = []

beforeAll(async () => {
  server = await serve((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/missing') response.statusCode = 404
    response.setHeader('content-type', 'application/json')
    response.end('{"ok":true}')
  })
})
afterAll(() => server.close())

const planFor = (body: string, rest = "load: users(5).for('2s')", more = '') => `
import { arrivals, journey, plan, users } from 'plimsoll'
const visit = journey('visit', async (user) => { ${body} })
export default plan({
  name: 'Test plan',
  system: { url: '${server.url}' },
  journeys: [visit],
  profiles: { smoke: { ${rest} } },
  ${more}
})
`
const visiting = "await user.http.get('/'); await user.sleep('20ms')"

// Another process that takes the cores for a moment makes a run invalid, and rightly so: such a run is made again.
describe('plimsoll run', { retry: 2 }, () => {
  it('ends with 0 when every threshold is met, and leaves a whole run folder', async () => {
    const folder = folderWith(
      planFor(
        "const r = await user.http.get('/rooms/123?x=1'); user.check(r, { 'is ok': (a) => a.json().ok }); await user.sleep('20ms')",
        "load: users(5).for('3s')",
        "thresholds: { 'GET /rooms/:id': { p95: '< 5s', rate: '> 1/s' }, errors: '< 1%', checks: '> 99%' }",
      ),
    )
    const { code, stdout } = await run(folder, 'run', 'a.plan.ts', '--junit', 'out/junit.xml', '--markdown', 'out/r.md')
    expect(stdout).toContain('GET /rooms/:id')
    expect(code).toBe(0)
    const made = runFolder(folder)
    const result = readJson(join(made, 'result.json'))
    expect(result).toMatchObject({ schemaVersion: 1, plan: 'Test plan', profile: 'smoke', verdict: 'met', exitCode: 0 })
    expect(result.thresholds).toHaveLength(4)
    expect(result.thresholds.every((one: { verdict: string }) => one.verdict === 'met')).toBe(true)
    const whole = result.metrics.find(
      (one: Record<string, unknown>) => one['name'] === 'http.response_time' && one['endpoint'] === 'GET /rooms/:id',
    )
    expect(whole.count).toBeGreaterThan(100)
    expect(whole.p50).toBeGreaterThan(0)
    expect(result.counters.checks_passed).toBe(result.counters.requests)
    for (const file of ['events.ndjson', 'histograms.hlog', 'report.html']) {
      expect(existsSync(join(made, file)), file).toBe(true)
    }
    expect(readFileSync(join(folder, 'out/junit.xml'), 'utf8')).toContain('<testsuite')
    expect(readFileSync(join(folder, 'out/r.md'), 'utf8')).toContain('GET /rooms/:id')
  })

  it('ends with 1 when a threshold is missed', async () => {
    const folder = folderWith(planFor(visiting, undefined, "thresholds: { 'GET /': { p95: '< 0.001ms' } }"))
    const { code } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(1)
    expect(readJson(join(runFolder(folder), 'result.json')).verdict).toBe('missed')
  })

  it('never takes an endpoint without data for a pass', async () => {
    const folder = folderWith(planFor(visiting, undefined, "thresholds: { 'GET /nowhere': { p95: '< 1s' } }"))
    const { code, stdout } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(1)
    expect(stdout).toContain('no data')
  })

  it('runs setup before the load and teardown after it, once each, with what setup returned', async () => {
    const folder = folderWith(
      planFor(
        "await user.http.get('/in/' + user.data.room); await user.sleep('20ms')",
        undefined,
        `setup: async ({ http }) => ({ room: (await http.get('/set-up')).status }),
         teardown: async ({ http }, data) => { await http.get('/torn-down/' + data.room) },`,
      ),
    )
    asked.length = 0
    await run(folder, 'run', 'a.plan.ts')
    expect([asked[0], asked.at(-1)]).toEqual(['/set-up', '/torn-down/200'])
    expect(new Set(asked.slice(1, -1))).toEqual(new Set(['/in/200']))
  })

  it('reports every problem of a wrong plan at once, with exit 2', async () => {
    const folder = folderWith(
      planFor(visiting, "load: users(-1).for('2s'), warmup: '1s'", "thresholds: { errors: '< 1 cats' }"),
    )
    const { code, stderr } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(2)
    expect(stderr).toContain('warmUp')
    expect(stderr).toContain('-1')
    expect(stderr).toContain('cats')
  })

  it('names a plan that is not there, with exit 2', async () => {
    const folder = folderWith(planFor(visiting))
    const { code, stderr } = await run(folder, 'run', 'b.plan.ts')
    expect(code).toBe(2)
    expect(stderr).toContain('b.plan.ts')
  })

  it('finds a journey in an endless loop, names it, and ends as invalid', async () => {
    const folder = folderWith(planFor(`${visiting}; if (user.id === 2) for (;;) {}`, "load: users(3).for('20s')"))
    const { code, stdout } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(3)
    expect(stdout).toContain("journey 'visit'")
  })

  it('keeps what was measured when a worker ends in the middle, and calls the run invalid', async () => {
    const folder = folderWith(planFor(`${visiting}; if (user.id === 2) process.exit(9)`, "load: users(3).for('20s')"))
    const { code, stdout } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(3)
    expect(stdout).toContain('worker 0 was lost')
    expect(existsSync(join(runFolder(folder), 'report.html'))).toBe(true)
  })

  it('maps what a journey throws to the line of the plan, and hurts no other user', async () => {
    const folder = folderWith(
      planFor("await user.http.get('/'); await user.sleep('50ms');\n  if (user.id === 1) throw new Error('boom')"),
    )
    await run(folder, 'run', 'a.plan.ts')
    const events = readFileSync(join(runFolder(folder), 'events.ndjson'), 'utf8')
    expect(events).toContain('Error: boom')
    expect(events).toContain('a.plan.ts:4')
  })

  it('says that the system did not get ready, with the end of its log and exit 4', async () => {
    const folder = folderWith(
      planFor(visiting).replace(
        'system: {',
        `system: { start: 'node server.mjs', ready: { path: '/', timeout: '20s' }, stopTimeout: '1s',`,
      ),
    )
    writeFileSync(join(folder, 'server.mjs'), "console.log('cannot find the answer'); process.exit(7)")
    // The port of the plan is that of a server which answers: the system must not be taken for it once it has ended.
    const { code, stderr } = await run(folder, 'run', 'a.plan.ts', '--url', 'http://127.0.0.1:9')
    expect(code).toBe(4)
    expect(stderr).toContain('cannot find the answer')
    expect(stderr).toContain('code 7')
  })

  it('ends with 4 when the system dies under load, and keeps what was measured', async () => {
    const folder = folderWith('')
    writeFileSync(
      join(folder, 'server.mjs'),
      `import { createServer } from 'node:http'
       const server = createServer((_, response) => response.end('ok'))
       server.listen(Number(process.env.PORT), '127.0.0.1')
       setTimeout(() => process.exit(9), 2500)`,
    )
    const port = await freePort()
    writeFileSync(
      join(folder, 'a.plan.ts'),
      `import { journey, plan, users } from 'plimsoll'
       export default plan({
         name: 'Dies', system: { url: 'http://127.0.0.1:${port}', start: 'node server.mjs', ready: '/' }, env: { PORT: '${port}' },
         journeys: [journey('visit', async (user) => { await user.http.get('/'); await user.sleep('20ms') })],
         profiles: { smoke: { load: users(2).for('20s') } },
       })`,
    )
    const { code, stdout } = await run(folder, 'run', 'a.plan.ts')
    expect(code).toBe(4)
    expect(stdout).toContain('code 9')
    expect(readJson(join(runFolder(folder), 'result.json')).metrics.length).toBeGreaterThan(0)
    const quiet = await run(folder, 'run', 'a.plan.ts', '--quiet')
    expect(quiet).toMatchObject({ code: 4, stdout: '' })
    expect(quiet.stderr).toContain('the system died')
  })

  it('finishes gracefully on the first Ctrl-C: judged, reported, exit 130', async () => {
    const folder = folderWith(planFor(visiting, "load: users(3).for('60s')", "thresholds: { errors: '< 1%' }"))
    const going = start(folder, 'run', 'a.plan.ts')
    await going.printed('req/s')
    going.child.kill('SIGINT')
    const { code } = await going.ended
    expect(code).toBe(130)
    const result = readJson(join(runFolder(folder), 'result.json'))
    expect(result.verdict).toBe('interrupted')
    expect(result.counters.iterations).toBeGreaterThan(0)
    expect(existsSync(join(runFolder(folder), 'report.html'))).toBe(true)
  })

  it('stops at once on the second Ctrl-C and keeps what there is', async () => {
    const folder = folderWith(
      planFor("await user.http.get('/'); await new Promise(() => {})", "load: users(3).for('60s').gracefulStop('60s')"),
    )
    const going = start(folder, 'run', 'a.plan.ts')
    await going.printed('req/s')
    going.child.kill('SIGINT')
    await going.printed('finishing')
    going.child.kill('SIGINT')
    const { code } = await going.ended
    expect(code).toBe(130)
    expect(readJson(join(runFolder(folder), 'result.json')).verdict).toBe('interrupted')
  })

  it('leaves a readable run when it is killed with -9', async () => {
    const folder = folderWith(planFor(visiting, "load: users(3).for('60s')"))
    const going = start(folder, 'run', 'a.plan.ts')
    await going.printed('req/s')
    going.child.kill('SIGKILL')
    await going.ended
    const { code, stdout } = await run(folder, 'report', 'latest')
    expect(stdout).toContain('GET /')
    expect(code).not.toBe(0)
    expect(existsSync(join(runFolder(folder), 'report.html'))).toBe(true)
    expect((await run(folder, 'runs')).stdout).toContain('smoke')
  })

  it('shows the verdict even when a report cannot be written', async () => {
    const folder = folderWith(planFor(visiting))
    const { stdout, stderr } = await run(folder, 'run', 'a.plan.ts', '--junit', '/dev/full')
    expect(stdout).toContain('GET /')
    expect(stderr).toContain('/dev/full')
  })

  it('does not leave the system running when it is killed with -9', async () => {
    const folder = folderWith('')
    writeFileSync(
      join(folder, 'server.mjs'),
      `import { createServer } from 'node:http'
       createServer((_, response) => response.end(String(process.pid))).listen(Number(process.env.PORT), '127.0.0.1')`,
    )
    const port = await freePort()
    writeFileSync(
      join(folder, 'a.plan.ts'),
      `import { journey, plan, users } from 'plimsoll'
       export default plan({
         name: 'Orphan', system: { url: 'http://127.0.0.1:${port}', start: 'node server.mjs', ready: '/' }, env: { PORT: '${port}' },
         journeys: [journey('visit', async (user) => { await user.http.get('/'); await user.sleep('20ms') })],
         profiles: { smoke: { load: users(2).for('20s') } },
       })`,
    )
    const going = start(folder, 'run', 'a.plan.ts')
    await going.printed('req/s')
    const pid = Number(await (await fetch(`http://127.0.0.1:${port}`)).text())
    going.child.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })

  it('says what to do when the run folder cannot be made', async () => {
    const folder = folderWith(planFor(visiting))
    writeFileSync(join(folder, 'taken'), '')
    const { code, stderr } = await run(folder, 'run', 'a.plan.ts', '--out', 'taken/runs')
    expect(code).toBe(2)
    expect(stderr).toContain('taken')
    expect(stderr).toContain('--out')
  })

  it('refuses a host that is not loopback and not allowed', async () => {
    const folder = folderWith(planFor(visiting))
    const { code, stderr } = await run(folder, 'run', 'a.plan.ts', '--url', 'http://example.com')
    expect(code).toBe(2)
    expect(stderr).toContain('example.com')
    expect(stderr).toContain('allow')
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
