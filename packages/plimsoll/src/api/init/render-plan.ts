import type { Detected } from './detect.ts'

interface PlanAnswers {
  readonly name: string
  readonly url: string
  readonly start: string | undefined
  readonly health: string | undefined
  readonly routes: readonly string[]
  readonly realtime: Detected['realtime']
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The text of a first plan: small, complete, and commented where a newcomer will want to change it. */
export function renderPlan({ name, url, start, health, routes, realtime }: PlanAnswers): string {
  const paths = routes.filter((path) => path !== health)
  const visited = paths.length > 0 ? paths : [health ?? '/']
  return `import { arrivals, journey, plan, users } from 'plimsoll'

// What one user does, over and over. Add the requests that matter: the paths below are only a beginning.
const visit = journey('visit', { think: '500ms..1s' }, async (user) => {
${visited.map(renderRequest).join('\n')}
})

export default plan({
  name: ${quote(name)},
  system: {
    url: ${quote(url)},
${start === undefined ? "    // start: 'node server.js',   // not given: the service must be running already" : `    start: ${quote(start)},`}
${health === undefined ? "    // ready: '/health',   // not given: ready as soon as the port accepts connections" : `    ready: ${quote(health)},`}
  },
  journeys: [visit],

  // plimsoll run PLAN --profile NAME
  profiles: {
    smoke: { load: users(5).for('10s') },
    normal: { load: users.ramp('30s', 100).hold('5m'), warmUp: '10s' },
    peak: { load: arrivals.ramp('1m', 200).hold('5m') },
    stress: { load: arrivals.ramp('10m', 5000), until: 'broken' },
  },

  // What must hold. Without data a threshold is not met.
  thresholds: {
    http: { p95: '< 300ms', p99: '< 1s' },
    errors: '< 1%',
    checks: '> 99%',
  },
})
${realtime === undefined ? '' : realtimeHint[realtime]}`
}

/** Event names are the service's own, so this part is for its author to complete. */
const realtimeHint: Readonly<Record<NonNullable<Detected['realtime']>, string>> = {
  'socket.io': hintOf('socket.io', "await user.io('/', { auth: { token: '…' } })", 'socketio connect'),
  ws: hintOf('ws', "await user.ws('/ws')", 'ws connect'),
}

function hintOf(what: string, open: string, subject: string): string {
  return `
// ${what} was found here. Users who connect, and an account of who should have got which message, and did:
//
//   begin: async (user) => {
//     user.state['socket'] = ${open}
//   },
//   deliveries: {
//     message: {
//       join: { event: 'room:join', room: 'room_id' },
//       publish: { event: 'message:send', room: 'room_id', key: 'client_id' },
//       receive: { event: 'message', room: 'room_id', key: 'client_id' },
//     },
//   },
//   thresholds: {
//     '${subject}': { p95: '< 500ms' },
//     'delivery message': { p95: '< 100ms', lost: '= 0', duplicated: '= 0' },
//   },
`
}

function renderRequest(path: string, index: number): string {
  const answer = index === 0 ? 'answer' : `answer${index + 1}`
  return `  const ${answer} = await user.http.get(${quote(path)})
  user.check(${answer}, { ${quote(`${path} answers`)}: (response) => response.ok })`
}

/** For a folder without any service: something to run the first plan against. */
export const exampleServer = `// A service to try the plan on. Delete it once the plan starts your own.
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const known = request.url === '/' || request.url === '/health'
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(known ? { ok: true } : { error: 'not found' }))
})
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
process.on('SIGTERM', () => server.close())
`
