import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPlan } from '../../packages/plimsoll/src/api/plan-loader/load-plan.ts'
import { readPlan } from '../../packages/plimsoll/src/api/plan-loader/read-plan.ts'
import { PlimsollError } from '../../packages/plimsoll/src/base/errors.ts'
import { compilePlan } from '../../packages/plimsoll/src/plan/compile/compile-plan.ts'
import { findFeeder } from '../../packages/plimsoll/src/plan/feeder-cursor.ts'
import { formatProblem } from '../../packages/plimsoll/src/plan/problem.ts'
import { openWorkshop, type Workshop } from './library.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop.remove())

const load = (path: string) =>
  loadPlan(path, { libraryUrl: workshop.libraryUrl, folder: join(workshop.folder, 'bundles') })

const planText = (name: string, before = '') => `import { plan, journey, users, feeder, env, file } from 'plimsoll'
${before}
export default plan({
  name: ${name},
  system: { url: 'http://127.0.0.1:3000' },
  journeys: [journey('look', async (user) => { await user.http.get('/') })],
  profiles: { smoke: { load: users(1).for('10s') } },
})
`

const nameOf = async (path: string): Promise<string> => {
  const result = compilePlan((await load(path)).definition)
  return 'plan' in result ? result.plan.name : result.problems.map(formatProblem).join('\n')
}

async function failure(path: string): Promise<PlimsollError> {
  try {
    await load(path)
  } catch (error) {
    if (error instanceof PlimsollError) return error
    throw error
  }
  throw new Error('the plan was loaded')
}

describe('a plan anywhere on disk', () => {
  test('is TypeScript or JavaScript, and is loaded anew each time', async () => {
    for (const extension of ['ts', 'mts', 'js', 'mjs']) {
      const path = await workshop.write({ [`kinds/a.plan.${extension}`]: planText(`'${extension}'`) })
      expect(await nameOf(path)).toBe(extension)
    }
    const path = await workshop.write({ 'kinds/b.plan.ts': planText("'first' as string") })
    const first = await load(path)
    await workshop.write({ 'kinds/b.plan.ts': planText("'second' as string") })
    const second = await load(path)
    expect([first.definition.options.name, second.definition.options.name]).toEqual(['first', 'second'])
    expect(second).toMatchObject({ file: path, source: planText("'second' as string") })
  })

  test('brings its own files, JSON and packages along', async () => {
    const path = await workshop.write({
      'shop/plans/shop.plan.ts': planText(
        '[part, json.name, esm, cjs].join()',
        `import { part } from './lib/part.ts'
import json from './data.json'
import { esm } from 'some-esm'
import { cjs } from 'some-cjs'`,
      ),
      'shop/plans/lib/part.ts': "export const part: string = 'relative'",
      'shop/plans/data.json': '{ "name": "json" }',
      'shop/node_modules/some-esm/package.json': '{ "name": "some-esm", "type": "module", "exports": "./main.js" }',
      'shop/node_modules/some-esm/main.js':
        "export const esm = import.meta.url.endsWith('/some-esm/main.js') ? 'esm' : 'moved'",
      'shop/node_modules/some-cjs/package.json': '{ "name": "some-cjs", "main": "main.js" }',
      'shop/node_modules/some-cjs/main.js': "exports.cjs = 'cjs'",
    })
    expect(await nameOf(path)).toBe('relative,json,esm,cjs')
  })

  test('knows where it lies', async () => {
    const path = await workshop.write({
      'meta/a.plan.ts': planText(
        `[import.meta.url, import.meta.filename, import.meta.dirname, here].join(' ')`,
        "import { here } from './deep/here.ts'",
      ),
      'meta/deep/here.ts': 'export const here: string = import.meta.url',
    })
    const folder = join(workshop.folder, 'meta')
    const here = pathToFileURL(join(folder, 'deep/here.ts')).href
    expect(await nameOf(path)).toBe([pathToFileURL(path).href, path, folder, here].join(' '))
  })

  test('reads feeders and files from its own folder, numbers feeders alike in every load', async () => {
    const feeders = `const accounts = feeder('users.csv', { order: 'unique' })
const cities = feeder<{ city: string }>('cities.json', { order: 'random' })
const body = file('cat.png')`
    const path = await workshop.write({
      'feeders/a.plan.ts': planText('[accounts.id, cities.id, body.path].join()', feeders),
      'feeders/users.csv': 'email,password\na@x.io,"p,1"\n\nb@x.io,p2\n',
      'feeders/cities.json': '[{ "city": "Cork" }]',
    })
    const expected = `0,1,${join(workshop.folder, 'feeders/cat.png')}`
    expect([await nameOf(path), await nameOf(path)]).toEqual([expected, expected])
    expect(findFeeder(0)).toMatchObject({ name: 'users.csv', order: 'unique', dry: 'stop' })
    expect(findFeeder(0).rows).toEqual([
      { email: 'a@x.io', password: 'p,1' },
      { email: 'b@x.io', password: 'p2' },
    ])
    expect(() => findFeeder(2)).toThrow('there is no feeder 2')
  })

  test('is read by a worker thread from its bundle', async () => {
    const { bundleUrl } = await load(await workshop.write({ 'worker/a.plan.ts': planText("'threaded' as string") }))
    const worker = new Worker(
      `import(${JSON.stringify(bundleUrl)}).then((m) => require('node:worker_threads').parentPort.postMessage(m.default.options.name))`,
      { eval: true },
    )
    expect(await new Promise((resolve) => worker.once('message', resolve))).toBe('threaded')
    await worker.terminate()
    const { plan, profile } = await readPlan({
      bundle: bundleUrl,
      profile: 'smoke',
      scale: 0.5,
      duration: undefined,
      url: 'http://b',
    })
    expect([plan.system.url, profile.shapes[0]]).toMatchObject(['http://b', { stages: [{ duration: 5000 }] }])
  })

  test('has stacks that name its own lines', async () => {
    const path = await workshop.write({
      'stack/a.plan.ts': `import { plan, journey, users } from 'plimsoll'
interface Unused { readonly gone: true }
const boom = (reason: string): never => {
  throw new Error(reason)
}
export default plan({
  name: 'x', system: { url: 'http://a' }, profiles: { p: { load: users(1).for('1s') } },
  journeys: [journey('x', () => boom('bang'))],
})`,
    })
    const { bundleUrl } = await load(path)
    const script = `process.setSourceMapsEnabled(true)
const { default: made } = await import(${JSON.stringify(bundleUrl)})
try { made.options.journeys[0].run() } catch (error) { console.log(error.stack) }`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).toContain(`${path}:4:9`)
    expect(stdout).toContain(`${path}:8:`)
  })
})

describe('a plan that cannot be loaded', () => {
  test('is not there: the nearest name', async () => {
    await workshop.write({ 'near/chat.plan.ts': planText("'x'"), 'near/shop.plan.ts': planText("'x'") })
    const near = join(workshop.folder, 'near')
    const hint = async (name: string) => (await failure(join(near, name))).hint
    expect(await hint('caht.plan.ts')).toBe(`did you mean ${join(near, 'chat.plan.ts')}?`)
    expect(await hint('chat')).toBe(`did you mean ${join(near, 'chat.plan.ts')}?`)
    expect(await hint('chat.ts')).toBe(`did you mean ${join(near, 'chat.plan.ts')}?`)
    expect(await hint('warehouse.plan.ts')).toBe('plans there: chat.plan.ts, shop.plan.ts')
    expect(await failure(near)).toMatchObject({ code: 'PLAN_NOT_FOUND', exitCode: 2 })
    expect(await hint('nowhere/a.plan.ts')).toContain('plimsoll init')
    expect((await failure(near)).hint).toContain('chat.plan.ts')
  })

  test('is empty, or no script', async () => {
    expect((await failure(await workshop.write({ 'odd/empty.plan.ts': ' \n' }))).message).toContain('is empty')
    expect((await failure(await workshop.write({ 'odd/plan.yaml': 'a: b' }))).message).toContain('is not a plan')
  })

  test('has syntax errors: place and code frame of each', async () => {
    const error = await failure(await workshop.write({ 'odd/syntax.plan.ts': 'const a = 1\nconst b = ;\n' }))
    expect(error).toMatchObject({ code: 'PLAN_UNREADABLE', exitCode: 2 })
    expect(error.details[0]).toMatch(/syntax\.plan\.ts:2:11 {2}Unexpected ";"\n {2}2 \| const b = ;\n {4}\| {11}\^$/)
  })

  test('has a syntax error beside import.meta', async () => {
    const error = await failure(await workshop.write({ 'odd/meta.plan.ts': 'import.meta.url\nconst b = ;\n' }))
    expect(error.details[0]).toContain('meta.plan.ts:2:11')
  })

  test('imports what is not there', async () => {
    const error = await failure(
      await workshop.write({ 'odd/import.plan.ts': "import 'no-such-package'\nimport './no-such-file'" }),
    )
    expect(error.details.join('\n')).toContain('import.plan.ts:1:8')
    expect(error.details.join('\n')).toContain('import.plan.ts:2:8')
    expect(error.hint).toContain('is it installed there?')
  })

  test('throws, perhaps for want of an environment value', async () => {
    const text = "import { env } from 'plimsoll'\nconst url: URL = new URL(env('NO_SUCH_URL'))\nexport default url"
    const error = await failure(await workshop.write({ 'odd/throws.plan.ts': text }))
    expect(error.message).toContain('threw while it was loaded: TypeError')
    expect(error.details[0]).toContain("env('NO_SUCH_URL')")
    expect(error.hint).toContain('missing')
  })

  test.each([
    ['export const a = 1', 'no default export', undefined],
    ["import { plan } from 'plimsoll'\nexport const chat = plan({} as never)", 'no default export', "'chat' is a plan"],
    ['export default { journeys: [] }', '{ journeys }', 'wrap it: plan({ … })'],
    ['export default async () => {}', 'a function', 'export what the function returns'],
    ['export default Promise.resolve(1)', 'a promise', 'await it'],
  ])('exports the wrong thing: %s', async (text, got, hint) => {
    const error = await failure(await workshop.write({ 'odd/export.plan.ts': text }))
    expect(error.code).toBe('PLAN_INVALID')
    expect(error.details[0]).toContain(got)
    if (hint !== undefined) expect(error.details[0]).toContain(hint)
  })

  test('misses environment values and feeders: all of them at once, with the other problems', async () => {
    const before = `env('MISSING_ONE'); env('MISSING_TWO', { secret: true }); env('GIVEN', { default: 7 })
feeder('none.csv'); feeder('bad.json'); feeder('list.txt'); feeder([]); feeder('odd.csv')`
    const path = await workshop.write({
      'env/a.plan.ts': planText('7', before),
      'env/bad.json': '{ "rows": [',
      'env/odd.csv': 'a,b\n1,2\n3\n',
    })
    const text = await nameOf(path)
    for (const expected of ["env('MISSING_ONE')", "env('MISSING_TWO')", "feeder('none.csv')", "feeder('bad.json')"]) {
      expect(text).toContain(expected)
    }
    expect(text).toContain("feeder('list.txt')")
    expect(text).toContain('feeder([…])\n  got       no rows')
    expect(text).toMatch(/feeder\('odd\.csv'\)\n {2}got {7}Invalid Record Length.*line 3/)
    expect(text).toContain('name\n  got       7')
    expect(text).not.toContain('GIVEN')
  })

  test('has nowhere to be bundled to', async () => {
    const path = await workshop.write({ 'plain/a.plan.ts': planText("'x'") })
    await expect(loadPlan(path, { libraryUrl: workshop.libraryUrl, folder: path })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    })
  })
})
