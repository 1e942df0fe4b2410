import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readProject } from '../../packages/plimsoll/src/api/init/project.ts'
import { filesFor, propose } from '../../packages/plimsoll/src/api/init/propose.ts'
import { loadPlan } from '../../packages/plimsoll/src/api/plan-loader/load-plan.ts'
import { initCommand } from '../../packages/plimsoll/src/cli/init.ts'
import { compile } from '../../packages/plimsoll/src/plan/compile/compile.ts'
import { openWorkshop, type Workshop } from './library.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop.remove())

let printed = ''
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  return () => vi.restoreAllMocks()
})

const text = (...path: string[]) => readFile(join(workshop.folder, ...path), 'utf8')
const compiled = async (...path: string[]) => {
  const options = { libraryUrl: workshop.libraryUrl, folder: join(workshop.folder, 'bundles') }
  return compile((await loadPlan(join(workshop.folder, ...path), options)).definition)
}

describe('plimsoll init', () => {
  test('writes a plan that compiles, from what it finds', async () => {
    await workshop.write({
      'shop/package.json': JSON.stringify({
        name: '@acme/shop-api',
        scripts: { start: 'node server.js' },
        dependencies: { fastify: '5', 'socket.io': '4' },
      }),
      'shop/server.js': "app.get('/health', a); app.get('/items', b); app.listen({ port: 8123 })",
      'shop/node_modules/other/index.js': 'app.listen(1)',
      'shop/.gitignore': 'node_modules',
    })
    expect(await initCommand(join(workshop.folder, 'shop'), { yes: true })).toBe(0)
    const { plan, profile } = await compiled('shop/shop-api.plan.ts')
    expect(plan.system).toMatchObject({
      url: 'http://127.0.0.1:8123',
      start: { command: ['node', 'server.js'], cwd: join(workshop.folder, 'shop') },
      ready: { path: '/health' },
    })
    expect(profile.name).toBe('smoke')
    expect(profile.thresholds.map(({ subject }) => subject)).toEqual(['http', 'http', 'errors', 'checks'])
    expect(await text('shop/shop-api.plan.ts')).toContain("user.http.get('/items')")
    expect(await text('shop/shop-api.plan.ts')).toContain('socket.io was found here')
    expect(await text('shop/.gitignore')).toBe('node_modules\n.plimsoll/\n')
    expect(printed).toContain('npx plimsoll run')
    expect(printed).toContain('npm install --save-dev plimsoll')
  })

  test('never overwrites a plan unasked, and then writes nothing at all', async () => {
    await workshop.write({ 'kept/package.json': '{ "name": "kept" }', 'kept/kept.plan.ts': 'mine' })
    await expect(initCommand(join(workshop.folder, 'kept'), { yes: true })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
    })
    expect(await text('kept/kept.plan.ts')).toBe('mine')
    await expect(text('kept/.gitignore')).rejects.toThrow('ENOENT')
  })

  test('brings a service along where there is none', async () => {
    await mkdir(join(workshop.folder, 'empty folder'))
    expect(await initCommand(join(workshop.folder, 'empty folder'), { yes: true })).toBe(0)
    const { plan } = await compiled('empty folder/empty-folder.plan.ts')
    expect(plan.system.start?.command).toEqual(['node', 'example-server.mjs'])
    expect(await text('empty folder/example-server.mjs')).toContain('createServer')
    expect(await text('empty folder/.gitignore')).toBe('.plimsoll/\n')
  })

  test('leaves a .gitignore that has the line alone, knows the package manager and an installed library', async () => {
    await workshop.write({
      'pnpm/package.json': '{}',
      'pnpm/pnpm-lock.yaml': '',
      'pnpm/.gitignore': '/.plimsoll/\n',
      'pnpm/node_modules/plimsoll/package.json': '{}',
    })
    const project = await readProject(join(workshop.folder, 'pnpm'))
    expect(project).toMatchObject({ packageManager: 'pnpm', hasLibrary: true })
    expect(filesFor(project, propose(project)).map(({ path }) => path)).toEqual(['pnpm.plan.ts'])
  })

  test('says what is wrong with the folder', async () => {
    await workshop.write({ 'broken/package.json': '{' })
    await expect(initCommand(join(workshop.folder, 'broken'))).rejects.toMatchObject({
      message: expect.stringContaining('not JSON'),
    })
    await expect(initCommand(join(workshop.folder, 'nowhere'))).rejects.toMatchObject({
      message: expect.stringContaining('not a folder'),
    })
  })
})
