import { type Call, GRACE } from './scenario.ts'

export const COUNTED = [
  'published',
  'expected',
  'received',
  'late',
  'lost',
  'duplicated',
  'outOfOrder',
  'foreign',
  'uncertain',
  'unexpected',
] as const
export type Sums = Record<(typeof COUNTED)[number], number>

export const noSums = (): Sums => Object.fromEntries(COUNTED.map((name) => [name, 0])) as Sums

interface Interval {
  readonly joining: number
  joined: number
  leaving: number
  left: number
  joinSeq: number | undefined
  leaveSeq: number | undefined
  /** A new join came before the leaving's answer. */
  isUnanswered: boolean
}

interface Copy {
  readonly key: string
  /** Which of the user's memberships was the latest; -1 for none. */
  readonly interval: number
  readonly reconnectedAt: number
}

interface Known {
  readonly user: number
  readonly room: string
  readonly key: string
  readonly at: number
  seq: number | undefined
  fate: string | undefined
}

type Verdict = 'before' | 'after' | 'possible' | 'unsure' | 'required'

/** Keeps everything, and judges at the end: the rules as they are written down, with no thought of cost. */
export function judgeAll(calls: readonly Call[], toSender: boolean): Sums {
  const sums = noSums()
  const messages: Known[] = []
  const intervals = new Map<string, Interval[]>()
  const copies = new Map<string, Copy[]>()
  const reconnects = new Map<number, number>()
  const users = new Set<number>()
  const of = <T>(map: Map<string, T[]>, user: number, room: string): T[] => {
    const name = `${user} ${room}`
    const list = map.get(name) ?? []
    map.set(name, list)
    return list
  }
  const open = (user: number, room: string) => of(intervals, user, room).findLast(({ left }) => left === Infinity)
  const close = (interval: Interval, at: number, seq: number | undefined) => {
    interval.left = at
    interval.leaving = Math.min(interval.leaving, at)
    interval.leaveSeq = seq
  }
  const begin = (user: number, room: string, at: number): Interval => {
    const present = open(user, room)
    if (present !== undefined && present.leaving === Infinity) return present
    if (present !== undefined) {
      close(present, at, undefined)
      present.isUnanswered = true
    }
    const unknown = { joinSeq: undefined, leaveSeq: undefined, isUnanswered: false }
    const fresh = { joining: at, joined: Infinity, leaving: Infinity, left: Infinity, ...unknown }
    of(intervals, user, room).push(fresh)
    return fresh
  }

  for (const call of calls) {
    const { user, at } = call
    users.add(user)
    switch (call.kind) {
      case 'joining':
        begin(user, call.room, at)
        break
      case 'joined': {
        const interval = begin(user, call.room, at)
        if (interval.joined < Infinity) break
        interval.joined = at
        interval.joinSeq = call.seq
        break
      }
      case 'leaving': {
        const interval = open(user, call.room)
        if (interval !== undefined) interval.leaving = Math.min(interval.leaving, at)
        break
      }
      case 'left': {
        const interval = open(user, call.room)
        if (interval === undefined) break
        const previous = of(intervals, user, call.room).at(-2)
        if (interval.leaving === Infinity && previous?.isUnanswered === true) {
          previous.leaveSeq = call.seq
          previous.isUnanswered = false
        } else close(interval, at, call.seq)
        break
      }
      case 'gone':
        for (const room of ['a', 'b']) {
          const interval = open(user, room)
          const previous = of(intervals, user, room).at(-2)
          if (interval === undefined) continue
          if (previous !== undefined) previous.isUnanswered = false
          close(interval, at, undefined)
        }
        break
      case 'reconnected':
        reconnects.set(user, at)
        break
      case 'published':
        messages.push({ user, room: call.room, key: call.key, at, seq: undefined, fate: undefined })
        break
      case 'settledAs':
      case 'received': {
        const message = messages.find(({ room, key }) => room === call.room && key === call.key)
        if (message !== undefined) message.seq ??= call.seq
        if (call.kind === 'settledAs') {
          if (message !== undefined) message.fate = call.fate
        } else if (message === undefined) sums.unexpected++
        else {
          const interval = of(intervals, user, call.room).length - 1
          const reconnectedAt = reconnects.get(user) ?? -Infinity
          of(copies, user, call.room).push({ key: call.key, interval, reconnectedAt })
        }
      }
    }
  }

  const judge = (message: Known, user: number, interval: Interval | undefined): Verdict => {
    if (message.fate === 'refused' || (!toSender && user === message.user)) return 'before'
    if (interval === undefined) return 'after'
    const { joining, joined, leaving, left, joinSeq, leaveSeq } = interval
    const { at, seq } = message
    if (at < joining - GRACE) return 'before'
    if (at > left + GRACE) return 'after'
    let verdict: Verdict = 'required'
    if (seq !== undefined && joinSeq !== undefined) {
      if (seq <= joinSeq) return 'before'
    } else if (at < joined) verdict = at < joining ? 'possible' : 'unsure'
    if (seq !== undefined && leaveSeq !== undefined) {
      if (seq > leaveSeq) return 'after'
    } else if (leaving < at + GRACE && verdict !== 'possible') verdict = at > left ? 'possible' : 'unsure'
    return verdict
  }

  sums.published = messages.length
  for (const message of messages) {
    for (const user of users) {
      const memberships = of(intervals, user, message.room)
      const verdicts = memberships.map((interval) => judge(message, user, interval))
      const all = of(copies, user, message.room)
      const mine = all.filter(({ key }) => key === message.key)
      const [first, ...others] = mine
      const strongest = (['required', 'unsure', 'possible'] as const).find((one) => verdicts.includes(one))
      if (strongest !== undefined && first !== undefined) {
        sums.expected++
        sums.received++
        if (first.reconnectedAt > message.at) sums.late++
        const later = messages.slice(messages.indexOf(message) + 1)
        const overtakers = later.filter((m) => m.user === message.user && m.room === message.room).map(({ key }) => key)
        if (all.slice(0, all.indexOf(first)).some(({ key }) => overtakers.includes(key))) sums.outOfOrder++
      } else if (strongest === 'required' && message.fate !== 'unknown') {
        sums.expected++
        sums.lost++
      } else if (strongest === 'required' || strongest === 'unsure') {
        sums.uncertain++
      } else if (first !== undefined) {
        if (judge(message, user, memberships[first.interval]) === 'after') sums.foreign++
        else sums.unexpected++
      }
      const seen = new Set(first === undefined ? [] : [first.interval])
      for (const { interval } of others) {
        if (!seen.has(interval) && judge(message, user, memberships[interval]) === 'before') sums.unexpected++
        else sums.duplicated++
        seen.add(interval)
      }
    }
  }
  return sums
}
