import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { renderPlan } from '../../packages/plimsoll/src/api/init/render-plan.ts'
import { libraryEntry } from './library.ts'

/** The parts of a plan; each case replaces one of them. */
interface Parts {
  readonly before?: string
  readonly journeys?: string
  readonly load?: string
  readonly profile?: string
  readonly thresholds?: string
  readonly plan?: string
}

const source = ({
  before = '',
  journeys = 'browse',
  load = "users(10).for('5m')",
  profile = '',
  thresholds = '',
  plan = '',
}: Parts) => `
import { arrivals, constant, feeder, journey, plan, uniform, users, type User } from 'plimsoll'
const browse = journey('browse', async (user) => { await user.http.get('/') })
${before}
export default plan({
  name: 'Shop',
  system: { url: 'http://127.0.0.1:3000' },
  journeys: [${journeys}],
  profiles: { normal: { load: ${load}, ${profile} } },
  thresholds: { ${thresholds} },
  ${plan}
})
`

/** Each compiles. */
const right: readonly Parts[] = [
  {},
  { load: "[users.ramp('1m', 500).hold('10m').rampDown('30s').named('crowd'), arrivals(5).for('1m').even().max(9)]" },
  { load: "users(4).iterations(100, { shared: true, maxDuration: '2m' }).journeys(browse, 'other')" },
  { load: "arrivals.ramp('10m', 5000)", profile: "until: 'broken', warmUp: '1m30s', judge: 'all', tags: { a: 'b' }" },
  { profile: "until: { errors: '5%', p95: '2s', for: '20s' }" },
  {
    thresholds: `
      'POST /lock-proof': { p50: '< 50ms', p95: '< 300ms', 'p99.9': '< 500ms', p999: '<1s', rate: '>= 500/s', errors: '< 1%',
        'service p95': '< 250ms', 'connect max': '< 1s', count: '> 10' },
      http: { p95: { limit: '< 1s', abort: { after: '10s' } } },
      errors: '< 1%', dropped: '= 0', checks: '> 99.5%', iterations: '>= 100/s', bytes: '< 100MB/s',
      'check is locked': '= 100%', 'step log in': { p95: '< 1s' }, 'journey browse': { mean: '< 3s' },
      'tag plan:gold': { p95: '< 200ms' }, 'Send message': { p95: '< 1s' },
      process: { cpu: '< 80%', memory: '< 512MB' }, postgres: { connections: '< 50', 'query p95': '< 50ms' },`,
  },
  {
    thresholds: `
      'delivery message': { p95: '< 80ms', max: '< 1s', 'late p95': '< 3s', 'last p99.9': '< 1s', 'receiver mean p95': '< 80ms',
        'receiver max max': '< 2s', rate: '> 100/s', lost: '= 0', duplicated: '< 0.1%', 'out of order': '= 0', out_of_order: '< 1%',
        foreign: { limit: '= 0', abort: true }, expected: '> 0', received: '= 100%', late: '< 5%' },
      'ws connect': { p95: '< 100ms', errors: '< 1%' }, 'socketio connect /socket.io': { count: '> 10' }, 'sse connect': { p50: '< 5ms' },
      ack: { p95: '< 1s' }, 'ack message:send': { p95: '< 100ms' }, 'ws request sync': { p99: '< 1s' }, 'ws ping': { max: '< 1s' },
      'wait your turn': { mean: '< 1s' }, 'message cursor': { rate: '> 10/s', bytes: '< 1MB/s' }, 'message out cursor': { count: '> 0' },
      reconnect: { p95: '< 5s', never: '= 0', recovered: '> 99%' },`,
  },
  {
    journeys: 'browse, typed',
    before:
      "const typed = journey<{ token: string }>('typed', (user) => { const text: string = user.data.token; void text })",
    plan: `setup: async ({ http }) => { await http.get('/'); return { token: 'x' } },
      begin: (user) => { user.state['token'] = user.data.token.length },
      teardown: (_, data) => { data.token.length },`,
  },
  {
    before: `const rows = feeder('a.csv'); const cities = feeder([{ city: 'Cork' }])
      const fed = journey('fed', { think: '1s..3s', pace: '2s' }, (user) => { const x: string = user.feed(cities).city; const y: string | undefined = user.feed(rows)['email']; void [x, y] })
      const idle = journey('idle', { think: uniform('1s', '2s') }, async (user: User) => { await user.sleep(constant('1s')) })`,
  },
  {
    before: `const chat = journey('chat', async (user) => {
        const socket = await user.ws<{ type: string; id: number }>('/ws', { deflate: true, read: '10KB/s', ping: '10s', reconnect: { delay: '1s' } })
        const answer = await socket.request({ type: 'join' }, (m) => m.id === 7, { timeout: '1s', name: 'join' })
        socket.on('message', (message) => { void message.type }); await socket.send('raw'); void answer.id
        for await (const message of socket) { void message.type; break }
        const io = await user.io('/admin', { auth: () => ({ token: 'x' }), transports: ['polling', 'websocket'], parser: 'msgpack' })
        io.on('message', (message: { id: string }, extra: number) => { void [message.id, extra] }); io.emit('typing', 1, 'two')
        const { ok } = await io.request<{ ok: boolean }>('send', { text: 'a' }, { timeout: '2s' })
        const pushed = await io.waitFor<{ id: string }>('message', { where: (m) => m.id === 'a' }); void [ok, pushed.id]
        await io.cut({ offline: '2s' }); io.read('paused')
        const stream = await user.sse('/events'); for await (const event of stream) { void event.data; break }
        user.delivery('message').published('room', 'key')
      })`,
    profile: "outages: [{ every: '15s', offline: '1s..3s', spread: true }, { after: '1m', share: '20%' }]",
    plan: `deliveries: { message: { rooms: (user) => [String(user.id)], publish: { event: 'send', room: 'room', key: (p) => p.id },
      receive: { event: 'message', room: 'room', key: 'id' }, toSender: false, grace: '5s' } }`,
  },
]

const written = renderPlan({
  name: "Bob's shop",
  url: 'http://127.0.0.1:3000',
  start: 'node server.js',
  health: '/health',
  routes: ['/items', '/offers'],
  realtime: 'ws',
})

const documentPreface = `
import { arrivals, env, feeder, file, journey, plan, type Thresholds, type User, users } from 'plimsoll'
const browse = journey('browse', () => {})
const buy = journey('buy', () => {})
declare const user: User
declare const room: string
declare const key: string
`

/** The documents' examples; those that are not whole plans get the imports and journeys that they speak of. */
const documented = ['plan-language.md', 'realtime.md']
  .flatMap((name) => [
    ...readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8').matchAll(/```ts\n(.*?)```/gs),
  ])
  .map(([, code = '']) => code)
  .map((code) => (code.startsWith('import') ? code : `${documentPreface}${code}`))

/** Each does not compile, and this is what its author reads first. */
const wrong: readonly (readonly [what: string, parts: Parts, message: RegExp])[] = [
  [
    'a limit without comparison',
    { thresholds: "http: { p95: '300' }" },
    /^Type '"300"' is not assignable to type 'TimeLimit'/,
  ],
  [
    'cats',
    { thresholds: "'GET /': { p95: '< 300 cats' }" },
    /^Type '"< 300 cats"' is not assignable to type 'TimeLimit'/,
  ],
  [
    'a rate as a time',
    { thresholds: "'GET /': { p95: '< 300/s' }" },
    /^Type '"< 300\/s"' is not assignable to type 'TimeLimit'/,
  ],
  [
    'a time as a rate',
    { thresholds: "'GET /': { rate: '> 3ms' }" },
    /^Type '"> 3ms"' is not assignable to type 'RateLimit'/,
  ],
  [
    'errors as a fraction',
    { thresholds: "'GET /': { errors: '< 0.01' }" },
    /^Type '"< 0.01"' is not assignable to type 'ShareLimit'/,
  ],
  ['a number', { thresholds: 'http: { p95: 300 }' }, /^Type 'number' is not assignable to type 'TimeLimit'/],
  [
    'an unknown metric',
    { thresholds: "http: { average: '< 1s' }" },
    /'average' does not exist in type 'EndpointLimits'/,
  ],
  [
    'a phase of a step',
    { thresholds: "'step a': { 'service p95': '< 1s' }" },
    /'service p95'.* does not exist in type 'DurationLimits'/,
  ],
  [
    'lost messages as a time',
    { thresholds: "'delivery message': { lost: '< 3ms' }" },
    /^Type '"< 3ms"' is not assignable to type 'PortionLimit'/,
  ],
  [
    'an unknown fate of a message',
    { thresholds: "'delivery message': { duplicate: '= 0' }" },
    /'duplicate' does not exist in type 'DeliveryLimits'/,
  ],
  [
    'a phase of an acknowledgement',
    { thresholds: "'ack message:send': { 'service p95': '< 1s' }" },
    /'service p95'.* does not exist in type 'DurationLimits'/,
  ],
  [
    'the time of an event',
    { thresholds: "'message cursor': { p95: '< 1s' }" },
    /'p95' does not exist in type 'MessageLimits'/,
  ],
  [
    'a share as a time of return',
    { thresholds: "reconnect: { p95: '< 5%' }" },
    /^Type '"< 5%"' is not assignable to type 'TimeLimit'/,
  ],
  ['a wrong word in abort', { thresholds: "http: { p95: { limit: '< 1s', abort: 'yes' } }" }, /'"yes"'|'string'/],
  [
    'an unknown key of a profile',
    { profile: "warmup: '1m'" },
    /'warmup' does not exist in type 'ProfileOptions'\. Did you mean to write 'warmUp'|but 'warmup' does not exist in type 'ProfileOptions'/,
  ],
  ['an unknown key of the plan', { plan: 'treshold: {}' }, /'treshold' does not exist in type 'PlanOptions/],
  ['an unknown key of http', { plan: 'http: { conections: 1 }' }, /'conections' does not exist in type 'HttpOptions'/],
  [
    'an unknown key of a journey',
    { before: "journey('x', { wait: '1s' }, () => {})" },
    /'wait' does not exist in type 'JourneyOptions'/,
  ],
  [
    'users without a duration',
    { load: 'users(10)' },
    /'UsersWithoutDuration' is not assignable to type 'LoadShape|Type 'UsersWithoutDuration' is missing the following properties from type '.*LoadShape/,
  ],
  [
    'a ramp of iterations',
    { load: "users(10).iterations(5).ramp('1m', 5)" },
    /^Property 'ramp' does not exist on type 'IterationsLoad'/,
  ],
  [
    'a cap on closed users',
    { load: "users(10).for('1m').max(5)" },
    /^Property 'max' does not exist on type 'UsersLoad'/,
  ],
  [
    'a bare number as time',
    { load: 'users(10).for(60)' },
    /^Argument of type '60' is not assignable to parameter of type 'Duration'/,
  ],
  [
    'a time without unit',
    { load: "users(10).for('60')" },
    /^Argument of type '"60"' is not assignable to parameter of type 'Duration'/,
  ],
  [
    'users as a text',
    { load: "users('10').for('1m')" },
    /^Argument of type 'string' is not assignable to parameter of type 'number'/,
  ],
  [
    'an unknown end',
    { profile: "until: 'dead'" },
    /^Type '"dead"' is not assignable to type 'StopOptions \| "broken"'|^Type '"dead"'/,
  ],
  [
    'data that setup does not give',
    { plan: 'setup: () => ({ token: 1 }), begin: (user) => { user.data.name }' },
    /^Property 'name' does not exist on type '{ token: number; }'/,
  ],
  [
    'a journey that wants other data',
    { journeys: "journey<{ token: string }>('t', () => {})", plan: 'setup: () => ({ name: 5 })' },
    /^Type 'Journey<{ token: string; }>' is not assignable to type 'Journey<NoInfer<{ name: number; }>>'/,
  ],
  [
    'an unknown option of a request',
    { before: "journey('x', (user) => user.http.get('/', { jsn: {} }))" },
    /'jsn' does not exist in type 'RequestOptions'/,
  ],
  [
    'a read rate without a time',
    { before: "journey('x', (user) => user.ws('/', { read: '10KB' }))" },
    /^Type '"10KB"' is not assignable to type 'ReadRate/,
  ],
  [
    'an unknown part of a delivery',
    {
      plan: "deliveries: { m: { publish: { event: 'a', room: 'r', key: 'k' }, recieve: { event: 'b', room: 'r', key: 'k' } } }",
    },
    /'recieve' does not exist in type 'DeliveryOptions'|'receive' is missing/,
  ],
  [
    'a delivery without a key',
    { plan: "deliveries: { m: { publish: { event: 'a', room: 'r' }, receive: { event: 'b', room: 'r', key: 'k' } } }" },
    /^Property 'key' is missing in type '{ event: string; room: string; }' but required in type 'PublishEvent'/,
  ],
  [
    'a row that the feeder has not',
    { before: "const f = feeder([{ a: 1 }]); journey('x', (user) => user.feed(f).b)" },
    /^Property 'b' does not exist on type '{ a: number; }'/,
  ],
]

const folder = fileURLToPath(new URL('.', import.meta.url))
const writtenFile = join(folder, 'written.plan.ts')
const documentedFile = (i: number) => join(folder, `documented-${i}.plan.ts`)
const rightFile = (i: number) => join(folder, `right-${i}.plan.ts`)
const wrongFile = (i: number) => join(folder, `wrong-${i}.plan.ts`)
let messages: (file: string) => readonly string[]
let looseMessages: (file: string) => readonly string[]

/** What `init`'s users have: no tsconfig of ours, perhaps nothing but `strict`. */
const plain = {
  exactOptionalPropertyTypes: false,
  noUncheckedIndexedAccess: false,
  noPropertyAccessFromIndexSignature: false,
}

beforeAll(() => {
  messages = check({})
  looseMessages = check(plain)
})

function check(changes: ts.CompilerOptions): (file: string) => readonly string[] {
  const { config } = ts.readConfigFile(
    fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url)),
    ts.sys.readFile,
  )
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder)
  const texts = new Map([
    ...right.map((parts, i) => [rightFile(i), source(parts)] as const),
    [writtenFile, written] as const,
    ...documented.map((code, i) => [documentedFile(i), code] as const),
    ...wrong.map(([, parts], i) => [wrongFile(i), source(parts)] as const),
  ])
  const settings: ts.CompilerOptions = {
    ...options,
    ...changes,
    composite: false,
    declaration: false,
    emitDeclarationOnly: false,
    rewriteRelativeImportExtensions: false,
    noUnusedLocals: false,
    noEmit: true,
    paths: { plimsoll: [libraryEntry] },
  }
  const host = ts.createCompilerHost(settings)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => texts.has(path) || fileExists(path)
  host.readFile = (path) => texts.get(path) ?? readFile(path)
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path)
    return text === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  }
  const program = ts.createProgram([...texts.keys()], settings, host)
  return (file) => {
    const sourceFile = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(sourceFile), ...program.getSemanticDiagnostics(sourceFile)]
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  }
}

describe('types', () => {
  test.each(right.map((parts, i) => [i, parts] as const))('right plan %i compiles', (i) => {
    expect(messages(rightFile(i))).toEqual([])
    expect(looseMessages(rightFile(i))).toEqual([])
  })

  test('what init writes compiles', () => {
    expect(messages(writtenFile)).toEqual([])
  })

  test.each(documented.map((code, i) => [i, code] as const))('example %i of the documentation compiles', (i) => {
    expect(messages(documentedFile(i))).toEqual([])
  })

  test('the threshold types themselves hold without exactOptionalPropertyTypes', () => {
    expect(looseMessages(join(dirname(libraryEntry), 'plan/threshold/types.ts'))).toEqual([])
  })

  test.each(wrong.map(([what, , message], i) => [what, i, message] as const))(
    '%s does not compile',
    (_, i, message) => {
      const [first = 'it compiled'] = messages(wrongFile(i))
      expect(first).toMatch(message)
      const sentence = first.split('\n')[0] ?? ''
      expect(sentence.length).toBeLessThan(220)
    },
  )
})
