import { existsSync } from 'node:fs'
import { platform } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostSampler } from '../../packages/plimsoll/src/probes/host/host-sampler.ts'
import { findListener } from '../../packages/plimsoll/src/probes/process/listener.ts'
import { ProcessProbe } from '../../packages/plimsoll/src/probes/process/process-probe.ts'
import { PsWatch } from '../../packages/plimsoll/src/probes/process/ps-watch.ts'
import { Burner } from './burner.ts'

let burner: Burner
beforeEach(async () => {
  burner = new Burner()
  await burner.tell('burn 1')
})
afterEach(() => burner.stop())

const linux = platform() === 'linux'

/** CPU seconds that the probe saw while something was done: its rate times the time that went by. */
async function cpuSeenDuring(probe: ProcessProbe, work: () => Promise<unknown>): Promise<number> {
  await probe.start()
  const began = performance.now()
  await work()
  const values = await probe.sample()
  return (values['cores'] ?? Number.NaN) * ((performance.now() - began) / 1000)
}

describe('ProcessProbe', () => {
  it('sees the CPU that a process used', async () => {
    const probe = new ProcessProbe(async () => burner.pid)
    const seen = await cpuSeenDuring(probe, () => burner.tell('burn 500'))
    expect(seen).toBeGreaterThan(0.45)
    expect(seen).toBeLessThan(0.9)
  })

  it.runIf(linux)('counts children that came and went between two samples', async () => {
    const probe = new ProcessProbe(async () => burner.pid)
    const seen = await cpuSeenDuring(probe, async () => {
      await burner.tell('fork 300')
      await burner.tell('fork 300')
    })
    expect(seen).toBeGreaterThan(0.55)
  })

  it.runIf(linux)('follows a child while it lives and after, without counting it twice', async () => {
    const probe = new ProcessProbe(async () => burner.pid)
    await probe.start()
    const began = performance.now()
    const work = burner.tell('fork 600')
    let finished = false
    void work.then(() => {
      finished = true
    })
    let seen = 0
    let last = performance.now()
    const look = async () => {
      const values = await probe.sample()
      const now = performance.now()
      seen += (values['cores'] ?? Number.NaN) * ((now - last) / 1000)
      last = now
    }
    while (!finished) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await look()
    expect(seen).toBeGreaterThan(0.55)
    // A child that counts again when its parent inherits from it would make it twice the time that went by.
    expect(seen).toBeLessThan(((performance.now() - began) / 1000) * 1.5)
  })

  it('gives its figures in their units', async () => {
    const probe = new ProcessProbe(async () => burner.pid)
    await probe.start()
    const values = await probe.sample()
    expect(values['memory']).toBeGreaterThan(20e6)
    expect(values['memory']).toBeLessThan(500e6)
    if (linux) {
      expect(values['threads']).toBeGreaterThan(4)
      expect(values['open files']).toBeGreaterThan(3)
      expect(values['network loopback']).toBeLessThanOrEqual(values['network'] ?? 0)
    }
  })

  it('says so when the process ends, and finds the next one at the next start', async () => {
    const first = burner
    const probe = new ProcessProbe(async () => burner.pid)
    await probe.start()
    await first.stop()
    await expect(probe.sample()).rejects.toThrow(`process ${first.pid} of the system has ended`)
    burner = new Burner()
    await probe.start()
    expect(Object.keys(await probe.sample())).toContain('cpu')
  })

  it('says so when there is no process to watch', async () => {
    await expect(new ProcessProbe(async () => undefined).start()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
      hint: expect.stringContaining('probes.process.pid'),
    })
  })
})

describe('PsWatch', () => {
  it.runIf(existsSync('/bin/ps'))('sees memory and an end, through ps', async () => {
    const watch = new PsWatch(burner.pid)
    expect((await watch.sample())?.['memory']).toBeGreaterThan(20e6)
    await burner.stop()
    expect(await watch.sample()).toBeUndefined()
  })
})

describe('findListener', () => {
  it('finds the process that listens on a port', async () => {
    const port = Number(await burner.tell('listen'))
    expect(await findListener(port)).toBe(burner.pid)
  })

  it('is undefined when nobody does', async () => {
    expect(await findListener(1)).toBeUndefined()
  })
})

describe('HostSampler', () => {
  it("tells the generator's own CPU from the system's", async () => {
    const sampler = new HostSampler(() => [burner.pid])
    const began = performance.now()
    await burner.tell('burn 400')
    const interval = sampler.sample()
    const seconds = (performance.now() - began) / 1000
    expect(interval.cpuGenerator * seconds).toBeLessThan(0.3)
    expect(interval.rssBytes).toBeGreaterThan(20e6)
    if (linux) {
      expect((interval.cpuSystem ?? Number.NaN) * seconds).toBeGreaterThan(0.35)
      expect(interval.cpuTotal).toBeGreaterThan(0)
      expect(interval.openFiles).toBeGreaterThan(3)
      expect(interval.maxFiles).toBeGreaterThan(interval.openFiles ?? 0)
      expect(interval.steal).toBeLessThanOrEqual(1)
    }
  })

  it('has no figure of a system that is not there', () => {
    expect(new HostSampler().sample().cpuSystem).toBeUndefined()
  })

  it.runIf(linux)('takes up a system that starts later, from its next interval on', async () => {
    let pids: number[] = []
    const sampler = new HostSampler(() => pids)
    pids = [burner.pid]
    expect(sampler.sample().cpuSystem).toBeUndefined()
    await burner.tell('burn 100')
    expect(sampler.sample().cpuSystem).toBeGreaterThan(0)
  })
})
