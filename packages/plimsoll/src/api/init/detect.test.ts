import { describe, expect, test } from 'vitest'
import { detect } from './detect.ts'
import type { PackageJson } from './project.ts'

const found = (packageJson: PackageJson = {}, { dotenv = '', code = '' } = {}) =>
  detect({ packageJson, dotenv, sources: code === '' ? [] : [{ path: 'src/main.ts', text: code }] })

describe('detect', () => {
  test.each([
    [{ express: '5' }, 'express'],
    [{ '@nestjs/core': '11', express: '5' }, 'nest'],
    [{ next: '16', express: '5' }, 'next'],
    [{ fastify: '5' }, 'fastify'],
    [{ hono: '4' }, 'hono'],
    [{ koa: '3' }, 'koa'],
    [{ react: '19' }, undefined],
  ])('the framework of %j is %s', (dependencies, framework) => {
    expect(found({ dependencies }).framework).toBe(framework)
  })

  test('Socket.IO rather than the ws that it brings', () => {
    expect(found({ dependencies: { 'socket.io': '4', ws: '8' } }).realtime).toBe('socket.io')
    expect(found({ devDependencies: { ws: '8' } }).realtime).toBe('ws')
  })

  test.each([
    [{ scripts: { start: 'PORT=4001 node x' } }, {}, 4001, "the script 'start'"],
    [{ scripts: { dev: 'next dev -p 4002' } }, { dotenv: 'PORT=1' }, 4002, "the script 'dev'"],
    [{ scripts: { start: 'serve --port=4003' } }, {}, 4003, "the script 'start'"],
    [{}, { dotenv: 'A=1\nPORT="4004"\n' }, 4004, '.env'],
    [{}, { code: 'app.listen(4005)' }, 4005, 'src/main.ts'],
    [{}, { code: "await app.listen({ host: '::', port: 4006 })" }, 4006, 'src/main.ts'],
    [{}, { code: 'const p = Number(process.env.PORT ?? 4007); app.listen(p)' }, 4007, 'src/main.ts'],
    [{}, { code: "app.listen(process.env['PORT'] || 4008)" }, 4008, 'src/main.ts'],
    [{}, { code: 'serve({ fetch: app.fetch, port: 4009 })' }, 4009, 'src/main.ts'],
    [{}, { code: 'app.listen(99999)' }, 3000, undefined],
    [{}, {}, 3000, undefined],
  ])('the port of %j with %j', (packageJson, rest, port, portFrom) => {
    expect(found(packageJson, rest)).toMatchObject({ port, portFrom })
  })

  test.each([
    [{ scripts: { start: 'node dist/main.js --x' } }, 'node dist/main.js --x'],
    [{ scripts: { start: 'PORT=1 node dist/main.js' } }, 'npm run start'],
    [{ scripts: { start: 'node a && node b' } }, 'npm run start'],
    [{ scripts: { dev: 'tsx watch src' } }, 'npm run dev'],
    [{ main: 'server.js' }, 'node server.js'],
    [{}, undefined],
  ])('%j starts with %s', (packageJson, start) => {
    expect(found(packageJson).start).toBe(start)
  })

  test('a health path and the paths that a user may ask for', () => {
    const code =
      "app.get('/healthz', h); app.get('/items', i); router.get(`/items/:id`, j); app.get('/items', k); map.get('/no')"
    expect(found({}, { code })).toMatchObject({ health: '/healthz', routes: ['/healthz', '/items'] })
    expect(found({}, { code: "app.get('/api/health', h)" }).health).toBe('/api/health')
    expect(found({}, { code: "app.get('/wealth', h)" }).health).toBeUndefined()
  })
})
