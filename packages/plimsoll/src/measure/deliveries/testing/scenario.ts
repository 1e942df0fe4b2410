import { millis } from '../../../base/units.ts'
import type { DeliveryLedger, Fate } from '../types.ts'

export const EVENT = 'message'
export const GRACE = millis(100)

interface Base {
  readonly at: number
  readonly user: number
}
/** A call of a ledger. Those of one user are in the order in which they happen to it. */
export type Call =
  | (Base & { readonly kind: 'joining' | 'leaving'; readonly room: string })
  | (Base & { readonly kind: 'joined' | 'left'; readonly room: string; readonly seq: number | undefined })
  | (Base & { readonly kind: 'gone' | 'reconnected' })
  | (Base & { readonly kind: 'published'; readonly room: string; readonly key: string })
  | (Base & {
      readonly kind: 'settledAs'
      readonly room: string
      readonly key: string
      readonly fate: Fate
      readonly seq: number | undefined
    })
  | (Base & {
      readonly kind: 'received'
      readonly room: string
      readonly key: string
      readonly seq: number | undefined
    })

export interface World {
  readonly seed: number
  readonly users: number
  readonly actions: number
  readonly isNumbered: boolean
  /** 0 to 1: how often messages are dropped, doubled, delayed, leaked. */
  readonly disorder: number
}

/** mulberry32 */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Deed {
  readonly at: number
  readonly order: number
  readonly act: (at: number) => void
}

/** What users and a server with its faults do to each other, as calls in the order of time. */
export function play({ seed, users, actions, isNumbered, disorder }: World): Call[] {
  const random = generator(seed)
  const chance = (p: number) => random() < p
  const pick = (n: number) => Math.floor(random() * n)
  const calls: Call[] = []
  const gone = new Set<number>()
  const call = (one: Call) => {
    if (!gone.has(one.user)) calls.push(one)
    if (one.kind === 'gone') gone.add(one.user)
  }
  const deeds: Deed[] = []
  let order = 0
  const after = (at: number, act: (at: number) => void) => deeds.push({ at, order: order++, act })
  /** Mostly quick, at times slower than the grace. */
  const delay = () => (chance(0.1) ? random() * 300 : random() * 30)
  const members = new Map<string, Set<number>>([
    ['a', new Set()],
    ['b', new Set()],
  ])
  const seqs = new Map<string, number>()
  const leaving = new Set<string>()
  const history: { room: string; key: string; seq: number; user: number }[] = []
  /** A connection keeps its order: what a user asks for is done, and answered, one after another. */
  const done = new Map<number, number>()
  const inTurn = (at: number, user: number, act: (at: number) => void) => {
    const then = Math.max(at + delay(), (done.get(user) ?? 0) + 0.001)
    done.set(user, then)
    after(then, act)
  }
  const answered = new Map<number, number>()
  const answer = (at: number, user: number, act: (at: number) => void) => {
    const then = Math.max(at + delay(), (answered.get(user) ?? 0) + 0.001)
    answered.set(user, then)
    after(then, act)
  }
  const numberOf = (seq: number) => (isNumbered && chance(0.9) ? seq : undefined)

  const deliver = (at: number, user: number, { room, key, seq }: { room: string; key: string; seq: number }) => {
    after(at + delay(), (then) => call({ kind: 'received', at: then, user, room, key, seq: numberOf(seq) }))
  }

  const join = (at: number, user: number, room: string) => {
    if (chance(0.9)) call({ kind: 'joining', at, user, room })
    inTurn(at, user, (then) => {
      if (chance(0.1)) {
        answer(then, user, (end) => call({ kind: 'left', at: end, user, room, seq: undefined }))
        return
      }
      members.get(room)?.add(user)
      const seq = numberOf(seqs.get(room) ?? 0)
      if (chance(0.3)) for (const old of history.slice(-3)) if (old.room === room) deliver(then, user, old)
      answer(then, user, (end) => call({ kind: 'joined', at: end, user, room, seq }))
    })
  }

  const leave = (at: number, user: number, room: string) => {
    // One at a time: nobody could tell to which of two an answer belongs.
    const name = `${user} ${room}`
    if (leaving.has(name)) return
    leaving.add(name)
    if (chance(0.9)) call({ kind: 'leaving', at, user, room })
    inTurn(at, user, (then) => {
      members.get(room)?.delete(user)
      const seq = numberOf(seqs.get(room) ?? 0)
      answer(then, user, (end) => {
        leaving.delete(name)
        call({ kind: 'left', at: end, user, room, seq: chance(0.9) ? seq : undefined })
      })
    })
  }

  const publish = (at: number, user: number, room: string, key: string) => {
    call({ kind: 'published', at, user, room, key })
    const isRefused = chance(0.05)
    after(at + delay(), (then) => {
      const seq = (seqs.get(room) ?? 0) + 1
      if (!isRefused || chance(0.3)) {
        seqs.set(room, seq)
        const message = { room, key, seq, user }
        history.push(message)
        for (const member of members.get(room) ?? []) {
          if (chance(disorder * 0.3)) continue
          deliver(then, member, message)
          while (chance(disorder * 0.3)) deliver(then, member, message)
        }
        while (chance(disorder * 0.3)) deliver(then, pick(users), message)
      }
      if (chance(0.3)) return
      const fate = isRefused ? 'refused' : chance(0.2) ? 'unknown' : 'confirmed'
      const number = fate === 'confirmed' ? numberOf(seq) : undefined
      after(then + delay(), (end) => call({ kind: 'settledAs', at: end, user, room, key, fate, seq: number }))
    })
  }

  let clock = 1000
  for (let n = 0; n < actions; n++) {
    clock += random() * 40
    const user = pick(users)
    const room = chance(0.7) ? 'a' : 'b'
    const what = random()
    after(clock, (at) => {
      if (what < 0.2) join(at, user, room)
      else if (what < 0.3) leave(at, user, room)
      else if (what < 0.35) call({ kind: 'reconnected', at, user })
      else if (what < 0.355) call({ kind: 'gone', at, user })
      else if (what < 0.4) deliver(at, user, { room, key: `strange-${n}`, seq: 1 })
      else publish(at, user, room, `key-${n}`)
    })
  }
  for (;;) {
    // Acts may schedule others, always later than themselves.
    let next = 0
    for (let i = 1; i < deeds.length; i++) {
      const [a, b] = [deeds[i]!, deeds[next]!]
      if (a.at < b.at || (a.at === b.at && a.order < b.order)) next = i
    }
    const [deed] = deeds.splice(next, 1)
    if (deed === undefined) return calls
    deed.act(deed.at)
  }
}

/** Makes one call. */
export function perform(ledger: DeliveryLedger, call: Call): void {
  const at = millis(call.at)
  const { user } = call
  switch (call.kind) {
    case 'joining':
      ledger.joining(EVENT, user, call.room, at)
      break
    case 'joined':
      ledger.joined(EVENT, user, call.room, at, call.seq)
      break
    case 'leaving':
      ledger.leaving(EVENT, user, call.room, at)
      break
    case 'left':
      ledger.left(EVENT, user, call.room, at, call.seq)
      break
    case 'gone':
      ledger.gone(user, at)
      break
    case 'reconnected':
      ledger.reconnected(user, at)
      break
    case 'published':
      ledger.published(EVENT, user, call.room, call.key, at, at)
      break
    case 'settledAs':
      ledger.settledAs(EVENT, call.room, call.key, call.fate, call.seq)
      break
    case 'received':
      ledger.received(EVENT, user, call.room, call.key, at, call.seq)
      break
  }
}
