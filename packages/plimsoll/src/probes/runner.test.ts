import { describe, expect, it } from 'vitest'
import type { Clock } from '../base/clock.ts'
import { PlimsollError } from '../base/errors.ts'
import { millis } from '../base/units.ts'
import type { ProbeSample, ProbeTrouble } from '../record/events.ts'
import type { Probe } from './probe.ts'
import { ProbeRunner } from './runner.ts'

/** A clock that moves only when told to, letting promises settle on the way. */
class FakeClock implements Clock {
  #now = 0
  #timers: { at: number; run: () => void }[] = []
  now = () => millis(this.#now)
  wall = () => this.#now
  soon = (callback: () => void) => void this.after(millis(0), callback)
  linger = () => this.now()
  after = (delay: number, run: () => void) => {
    const timer = { at: this.#now + delay, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  async advance(duration: number): Promise<void> {
    const end = this.#now + duration
    for (;;) {
      await settle()
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#now = Math.max(this.#now, next.at)
      this.#timers = this.#timers.filter((other) => other !== next)
      next.run()
    }
    this.#now = end
    await settle()
  }

  /** The loop was blocked: time went by and no timer ran. */
  block(duration: number): void {
    this.#now += duration
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

function probe(name: string, { start = async () => {}, sample }: Partial<Probe>): Probe & { stopped: number } {
  const made = {
    name,
    stopped: 0,
    start,
    sample: sample ?? (async () => ({ value: 1 })),
    stop: async () => {
      made.stopped++
    },
  }
  return made
}

function runner(clock: Clock, probes: readonly Probe[]) {
  const events: (ProbeSample | ProbeTrouble)[] = []
  const made = new ProbeRunner({
    probes,
    every: millis(1000),
    clock,
    origin: clock.now(),
    publish: (event) => events.push(event),
    timeout: millis(3000),
  })
  const at = (type: string, name: string) => events.filter((e) => e.type === type && e.probe === name).map((e) => e.at)
  return { runner: made, events, at }
}

const never = new Promise<never>(() => {})

describe('ProbeRunner', () => {
  it('samples on the absolute schedule, however late a timer fires', async () => {
    const clock = new FakeClock()
    const { runner: probes, at } = runner(clock, [probe('a', {})])
    await probes.start()
    await clock.advance(1000)
    clock.block(1400)
    await clock.advance(1700)
    expect(at('probe', 'a')).toEqual([1000, 2400, 3000, 4000])
  })

  it('keeps a hung probe from holding up the others or the end', async () => {
    const clock = new FakeClock()
    const hung = probe('hung', { sample: () => never })
    const { runner: probes, events, at } = runner(clock, [hung, probe('well', {})])
    await probes.start()
    await clock.advance(5000)
    expect(at('probe', 'well')).toEqual([1000, 2000, 3000, 4000, 5000])
    expect(at('probe.trouble', 'hung')).toEqual([4000])
    expect(events.find((e) => e.type === 'probe.trouble')).toMatchObject({
      message: expect.stringMatching(/hung probe did not sample within 3000 ms.*leave the probe out/),
    })
    const stopping = probes.stop()
    await clock.advance(3000)
    await stopping
  })

  it('takes up a probe again that was silent for a while, without its overdue sample', async () => {
    const clock = new FakeClock()
    let calls = 0
    const slow = probe('slow', {
      sample: () => {
        calls++
        if (calls > 1) return Promise.resolve({ value: calls })
        return new Promise((resolve) => clock.after(millis(3500), () => resolve({ value: calls })))
      },
    })
    const { runner: probes, events, at } = runner(clock, [slow])
    await probes.start()
    await clock.advance(6000)
    expect(at('probe', 'slow')).toEqual([5000, 6000])
    expect(events.filter((e) => e.type === 'probe')[0]).toMatchObject({ values: { value: 2 } })
  })

  it('says once what is wrong and what to do, and starts the probe again when it can', async () => {
    const clock = new FakeClock()
    let up = false
    const flaky = probe('flaky', {
      start: async () => {
        if (!up) throw new PlimsollError('PROBE_FAILED', 'nobody there', { hint: 'Start it.' })
      },
    })
    const { runner: probes, events, at } = runner(clock, [flaky])
    await probes.start()
    await clock.advance(3000)
    expect(events).toEqual([{ type: 'probe.trouble', probe: 'flaky', at: 0, message: 'nobody there. Start it.' }])
    up = true
    await clock.advance(2000)
    expect(at('probe', 'flaky')).toEqual([5000])
  })

  it('tells what a probe cannot watch, and samples the rest', async () => {
    const clock = new FakeClock()
    const partial = { ...probe('partial', {}), gaps: ['no extension. Create it.'] }
    const { runner: probes, events, at } = runner(clock, [partial])
    await probes.start()
    await clock.advance(1000)
    expect(events[0]).toMatchObject({ type: 'probe.trouble', message: 'no extension. Create it.' })
    expect(at('probe', 'partial')).toEqual([1000])
  })

  it('publishes what was counted beside the numbers that it gives', async () => {
    const clock = new FakeClock()
    const hitRate = { kind: 'share', part: 3, whole: 4 } as const
    const { runner: probes, events } = runner(clock, [
      probe('counting', { sample: async () => ({ memory: 7, 'hit rate': hitRate }) }),
    ])
    await probes.start()
    await clock.advance(1000)
    expect(events).toEqual([
      {
        type: 'probe',
        probe: 'counting',
        at: 1000,
        values: { memory: 7, 'hit rate': 0.75 },
        counted: { 'hit rate': hitRate },
      },
    ])
  })

  it('tells at the end which figures there was nothing of', async () => {
    const clock = new FakeClock()
    const missing = new Map([['hits', 'no metric "hits_total"']])
    const { runner: probes, events } = runner(clock, [{ ...probe('partial', {}), missing }])
    await probes.start()
    await clock.advance(1000)
    expect(events.filter(({ type }) => type === 'probe.trouble')).toEqual([])
    await probes.stop()
    expect(events.at(-1)).toMatchObject({ type: 'probe.trouble', figure: 'hits', message: 'no metric "hits_total"' })
  })

  it('restarts a probe whose target went away', async () => {
    const clock = new FakeClock()
    let starts = 0
    const lost = probe('lost', {
      start: async () => {
        starts++
      },
      sample: async () => {
        if (starts === 1) throw new Error('process 7 has ended')
        return { value: starts }
      },
    })
    const { runner: probes, at } = runner(clock, [lost])
    await probes.start()
    await clock.advance(3000)
    expect(at('probe.trouble', 'lost')).toEqual([1000])
    expect(at('probe', 'lost')).toEqual([3000])
  })

  it('takes a last sample when the last one is old, and stops every probe', async () => {
    const clock = new FakeClock()
    const watched = probe('a', {})
    const { runner: probes, at } = runner(clock, [watched])
    await probes.start()
    await clock.advance(1700)
    await probes.stop()
    expect(at('probe', 'a')).toEqual([1000, 1700])
    expect(watched.stopped).toBe(1)
    await clock.advance(3000)
    expect(at('probe', 'a')).toHaveLength(2)
  })

  it('takes no last sample right after the one before', async () => {
    const clock = new FakeClock()
    const { runner: probes, at } = runner(clock, [probe('a', {})])
    await probes.start()
    await clock.advance(2100)
    await probes.stop()
    expect(at('probe', 'a')).toEqual([1000, 2000])
  })
})
