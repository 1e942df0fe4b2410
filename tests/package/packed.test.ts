import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type TestServer } from '../support/server.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

describe('the packed package, installed in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-packed-'))
  const plimsoll = (...args: string[]) =>
    run('npx', ['--no-install', 'plimsoll', ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } })
  let server: TestServer

  beforeAll(async () => {
    server = await serve((_, response) => response.end('hello'))
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder, '-w', 'packages/plimsoll'], {
      cwd: root,
    })
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n')))
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
    await run('npm', ['install', '--no-audit', '--no-fund', `./${packed.filename}`], { cwd: folder })
  }, 180_000)
  afterAll(() => server.close())

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'packages/plimsoll/package.json'), 'utf8'))
    expect((await plimsoll('--version')).stdout.trim()).toBe(version)
  })

  it('writes a plan that runs', async () => {
    await plimsoll('init', '--yes')
    const { stdout } = await plimsoll('validate', 'empty.plan.ts')
    expect(stdout).toContain('valid')
    const done = await plimsoll('run', 'empty.plan.ts', '--url', server.url, '--no-start', '--duration', '2s')
    expect(done.stdout).toContain('met')
  })

  it('brings types: a wrong plan does not compile', async () => {
    writeFileSync(
      join(folder, 'wrong.plan.ts'),
      `import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Wrong',
  system: { url: 'http://127.0.0.1:1' },
  journeys: [journey('j', async (user) => { await user.http.gett('/') })],
  profiles: { smoke: { load: users(1).for('1s') } },
})`,
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
    ]
    const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')]
    const failed = await run(process.execPath, [tsc, ...flags, ...typeRoots, 'wrong.plan.ts'], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    )
    expect(failed.stdout).toContain("'gett' does not exist")
    expect(failed.stdout.match(/error TS/g)).toHaveLength(1)
  })
})
