import { millis } from '../base/units.ts'
import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import type { RunStarted } from '../record/events.ts'
import { type IntervalInput, RunBuilder, type SeriesInput } from '../record/testing.ts'
import { noise } from './testing.ts'

/**
 * A run with connections that stay, for tests of reports: 200 users in five chat rooms over Socket.IO, half of whose
 * connections are cut in the 15th second, and a WebSocket for presence. Not for production code.
 */

const SECONDS = 30
const RAMP = 5
const CUT = 15
const BACK_WITHIN = 4
const USERS = 200
const ROOMS = 5
const MEMBERS = USERS / ROOMS
/** In each room, per second. */
const SENT = 4

export interface ChatFixture {
  /** From healthy (0) to a server that loses, doubles, swaps and leaks messages (1). */
  readonly trouble?: 0 | 1
  readonly thresholds?: RunStarted['plan']['thresholds']
}

export function chatRun({ trouble = 0, thresholds = [] }: ChatFixture = {}): RunBuilder {
  const normal = noise(11)
  const draw = (count: number, median: number, spread: number): number[] =>
    Array.from({ length: count }, () => median * Math.exp(spread * normal()))
  const builder = new RunBuilder({
    name: 'Chat',
    file: 'plans/chat.plan.ts',
    profile: 'outage',
    url: 'http://127.0.0.1:3000',
    journeys: [{ name: 'talk', weight: 1 }],
    shapes: [
      {
        model: 'closed',
        name: 'users',
        startAfter: millis(0),
        journeys: ['talk'],
        gracefulStop: millis(30_000),
        stages: [
          { kind: 'ramp', duration: millis(RAMP * 1000), from: 0, to: USERS },
          { kind: 'hold', duration: millis((SECONDS - RAMP) * 1000), from: USERS, to: USERS },
        ],
      },
    ],
    thresholds,
    duration: millis(SECONDS * 1000),
  })
  for (let second = 0; second < SECONDS; second++) builder.interval(chatSecond(second, trouble, draw))
  return builder.interval(farewell(trouble, draw)).end()
}

type Draw = (count: number, median: number, spread: number) => number[]

function chatSecond(second: number, trouble: 0 | 1, draw: Draw): IntervalInput {
  const isRamp = second < RAMP
  const users = isRamp ? ((second + 1) * USERS) / RAMP : USERS
  const arriving = isRamp ? USERS / RAMP : 0
  const cut = second === CUT ? USERS / 2 : 0
  const returning = second > CUT && second <= CUT + BACK_WITHIN ? USERS / 2 / BACK_WITHIN - trouble : 0
  const away = second < CUT ? 0 : Math.max(0, USERS / 2 - (second - CUT) * (USERS / 2 / BACK_WITHIN - trouble))
  const gaveUp = trouble === 1 && second === CUT + BACK_WITHIN + 2 ? BACK_WITHIN : 0
  const stillAway = gaveUp > 0 || second > CUT + BACK_WITHIN + 2 ? 0 : away
  const slow = 1 + trouble * 3 * (second / SECONDS) ** 2
  const published = isRamp ? 0 : SENT
  const expected = published * MEMBERS * ROOMS
  const late = returning > 0 ? returning * SENT : 0
  const lost = trouble * late
  const deliveries = draw(expected - lost, 14 * slow, 0.5)
  const resumed = draw(late - lost, 1400, 0.3)
  const named = (metric: string, name: string, values: number[], failed = 0): SeriesInput[] => [
    { metric, values, failed },
    { metric, scope: 'endpoint', name, values, failed },
  ]
  return {
    phase: isRamp ? 'ramp' : 'steady',
    series: [
      ...named('socketio.connect_time', '/socket.io', draw(arriving + returning, 9, 0.3)),
      ...named('ws.connect_time', '/presence', draw(arriving, 3, 0.3)),
      ...named('ws.round_trip', 'ping', draw(second % 5 === 0 ? users : 0, 0.8, 0.2)),
      ...named('socketio.ack_time', 'message:send', draw(published * ROOMS, 6 * slow, 0.4), trouble * Number(!isRamp)),
      { metric: 'socketio.ack_time', scope: 'endpoint', name: 'room:join', values: draw(arriving, 4, 0.3) },
      ...named('delivery.latency', 'message', [...deliveries, ...resumed]),
      ...named('delivery.late_latency', 'message', resumed),
      ...named('delivery.last_receiver', 'message', draw(published * ROOMS, 38 * slow, 0.3)),
      ...named('reconnect.time', 'socketio /socket.io', draw(returning, (second - CUT) * 1000, 0.1)),
      ...(gaveUp > 0
        ? named('reconnect.time', 'socketio /socket.io', draw(gaveUp, 6000, 0.01)).map((one) => ({
            ...one,
            failed: gaveUp,
            censored: gaveUp,
          }))
        : []),
      { metric: 'generator.receive_wait', values: draw(40, 0.2, 0.5) },
      { metric: 'journey.duration', scope: 'journey', name: 'talk', values: draw(users / 10, 900, 0.2) },
    ],
    shapes: [{ users, target: users, scheduled: users / 10, started: users / 10, completed: users / 10 }],
    errors: trouble === 1 && !isRamp ? [{ code: 'ACK_TIMEOUT', name: 'ack message:send', count: 1 }] : [],
    connections: [
      {
        open: users - stillAway - (gaveUp > 0 || second > CUT + BACK_WITHIN + 2 ? trouble * BACK_WITHIN : 0),
        away: stillAway,
        opened: arriving,
        failed: trouble * Math.round(returning / 5),
        cut,
        reconnected: returning,
        recovered: returning - trouble * Math.round(returning / 4),
        notRecovered: trouble * Math.round(returning / 4),
        neverBack: gaveUp,
      },
      { protocol: 'ws', open: users, opened: arriving },
    ],
    messages: [
      { name: 'message', count: expected - lost, bytes: (expected - lost) * 100 },
      { direction: 'out', name: 'message:send', count: published * ROOMS, bytes: published * ROOMS * 110 },
      { direction: 'out', name: 'room:join', count: arriving, bytes: arriving * 40 },
      { protocol: 'ws', name: 'presence', count: users / 10, bytes: users * 3 },
    ],
    deliveries: isRamp ? [] : Array.from({ length: ROOMS }, (_, room) => roomSecond(room, published, late, trouble)),
  }
}

/** The second room has all the trouble but for what is lost, which every room has. */
function roomSecond(room: number, published: number, late: number, trouble: 0 | 1): Partial<DeliveryCounts> {
  const expected = published * MEMBERS
  const lost = (trouble * late) / ROOMS
  const has = trouble === 1 && room === 1
  return {
    room: `room-${room + 1}`,
    published,
    expected,
    received: expected - Math.floor(lost),
    lost: Math.floor(lost),
    late: Math.floor(late / ROOMS) - Math.floor(lost),
    duplicated: has ? 2 : 0,
    outOfOrder: has ? 1 : 0,
    foreign: has && late > 0 ? 1 : 0,
    uncertain: late > 0 ? 1 : 0,
  }
}

/** All leave, and what only then is known of receivers. */
function farewell(trouble: 0 | 1, draw: Draw): IntervalInput {
  const slow = 1 + trouble
  const of = (metric: string, values: number[]): SeriesInput[] => [
    { metric, values },
    { metric, scope: 'endpoint', name: 'message', values },
  ]
  return {
    phase: 'stopping',
    length: 400,
    series: [
      ...of('delivery.receiver_mean', draw(USERS, 16 * slow, 0.1)),
      ...of('delivery.receiver_max', draw(USERS, 60 * slow, 0.4)),
    ],
    shapes: [{ users: 0, target: 0 }],
    connections: [
      { open: 0, closed: USERS - trouble * BACK_WITHIN },
      { protocol: 'ws', open: 0, closed: USERS },
    ],
  }
}
