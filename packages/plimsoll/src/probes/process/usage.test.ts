import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ProcessReading, type TreeReading, usageBetween } from './usage.ts'

const process = (pid: number, reading: Partial<ProcessReading> = {}): ProcessReading => ({
  pid,
  parent: 1,
  born: pid,
  alive: true,
  cpu: 0,
  childrenCpu: 0,
  io: { read: 0, written: 0 },
  ...reading,
})
const tree = (...processes: ProcessReading[]): TreeReading => new Map(processes.map((one) => [one.pid, one]))

describe('usageBetween', () => {
  it('counts a child that ended only for what it used since it was last seen', () => {
    const before = tree(process(10, { cpu: 1 }), process(11, { parent: 10, cpu: 4, io: { read: 100, written: 0 } }))
    const after = tree(process(10, { cpu: 1.5, childrenCpu: 4.25, io: { read: 160, written: 0 } }))
    expect(usageBetween(before, after)).toEqual({ cpu: 0.75, io: { read: 60, written: 0 } })
  })

  it('counts a child that came and went between two readings', () => {
    const after = tree(process(10, { cpu: 1, childrenCpu: 2 }))
    expect(usageBetween(tree(process(10, { cpu: 1 })), after).cpu).toBe(2)
  })

  it('loses nothing but the last moments of children when their parent does not wait', () => {
    const before = tree(process(10, { cpu: 1 }), process(11, { parent: 10, cpu: 4 }))
    expect(usageBetween(before, tree(process(10, { cpu: 1.5 }))).cpu).toBe(0.5)
  })

  it('takes a later process with the same pid for another one', () => {
    const before = tree(process(10), process(11, { parent: 10, cpu: 4 }))
    const after = tree(process(10, { childrenCpu: 4 }), process(11, { parent: 10, born: 500, cpu: 1 }))
    expect(usageBetween(before, after).cpu).toBe(1)
  })

  it('has no bytes where not one process may be read, and those it may read otherwise', () => {
    const closed = { io: undefined }
    expect(usageBetween(tree(process(10, closed)), tree(process(10, closed))).io).toBeUndefined()
    const after = tree(process(10, closed), process(11, { io: { read: 8, written: 9 } }))
    expect(usageBetween(tree(process(10, closed)), after).io).toEqual({ read: 8, written: 9 })
  })

  it('adds up to everything that was used, whatever was born and ended and was waited for', () => {
    const action = fc.record({
      kind: fc.constantFrom('fork', 'work', 'end', 'look'),
      who: fc.nat(30),
      much: fc.nat(100),
    })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const system = new Simulation()
        let seen = 0
        let last = system.look()
        const look = () => {
          const now = system.look()
          const usage = usageBetween(last, now)
          seen += usage.cpu
          expect(usage.io?.read ?? 0).toBeCloseTo(usage.cpu * 10)
          last = now
        }
        for (const { kind, who, much } of actions) {
          if (kind === 'fork') system.fork(who)
          else if (kind === 'work') system.work(who, much)
          else if (kind === 'end') system.end(who)
          else look()
        }
        look()
        expect(seen).toBeCloseTo(system.used)
      }),
    )
  })
})

/** Processes as the kernel accounts for them: a parent that waits inherits, and a dead parent's children end first. */
class Simulation {
  used = 0
  #next = 100
  readonly #alive: { pid: number; parent: number; cpu: number; childrenCpu: number }[] = [
    { pid: 10, parent: 1, cpu: 0, childrenCpu: 0 },
  ]

  look(): TreeReading {
    return tree(
      ...this.#alive.map((one) =>
        process(one.pid, { ...one, io: { read: (one.cpu + one.childrenCpu) * 10, written: 0 } }),
      ),
    )
  }

  fork(who: number): void {
    this.#alive.push({ pid: this.#next++, parent: this.#at(who).pid, cpu: 0, childrenCpu: 0 })
  }

  work(who: number, much: number): void {
    this.#at(who).cpu += much
    this.used += much
  }

  end(who: number): void {
    const one = this.#at(who)
    if (one.pid === 10) return
    for (const child of this.#alive.filter(({ parent }) => parent === one.pid)) this.end(this.#alive.indexOf(child))
    const heir = this.#alive.find(({ pid }) => pid === one.parent)
    if (heir !== undefined) heir.childrenCpu += one.cpu + one.childrenCpu
    this.#alive.splice(this.#alive.indexOf(one), 1)
  }

  #at(who: number) {
    const one = this.#alive[who % this.#alive.length]
    if (one === undefined) throw new Error('the root never ends')
    return one
  }
}
