import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { checkClock, checkTimers } from './clock.ts'
import { diagnose } from './diagnose.ts'
import { checkMemory, checkOpenFiles } from './limits.ts'
import type { MachineFiles } from './machine-files.ts'
import { checkBacklog, checkPortReuse, checkPorts } from './network.ts'
import { checkCores, checkGovernor, checkNeighbours, checkPressure } from './processor.ts'
import { renderDiagnoses } from './render.ts'
import { checkNode } from './runtime.ts'

/** A machine of files: folders are listed from their paths. */
const machine = (texts: Record<string, string>, platform: NodeJS.Platform = 'linux'): MachineFiles => ({
  platform,
  read: (path) => texts[path],
  list: (path) => [
    ...new Set(
      Object.keys(texts)
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/')[0] ?? ''),
    ),
  ],
  ask: async (command, ...args) => texts[[command, ...args].join(' ')],
})
const nothing = machine({}, 'darwin')

const limits = (soft: number): string =>
  `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}   ${soft}   files`

describe('the doctor', () => {
  it.each([
    ['v20.18.3', 'bad'],
    ['v20.19.0', 'ok'],
    ['v24.1.0', 'ok'],
    ['v18.20.0', 'bad'],
  ])('finds Node %s %s', (version, state) => expect(checkNode(version).state).toBe(state))

  it('looks at cores and what a container may use of them', () => {
    expect(checkCores(nothing, 8)).toMatchObject({ state: 'ok', found: '8: 7 workers by default' })
    expect(checkCores(nothing, 1).state).toBe('warn')
    expect(checkCores(machine({ '/sys/fs/cgroup/cpu.max': '150000 100000' }), 8).found).toContain('may use 1.50')
    expect(checkCores(machine({ '/sys/fs/cgroup/cpu.max': 'max 100000' }), 8).state).toBe('ok')
    const v1 = { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }
    expect(checkCores(machine(v1), 2).found).toContain('may use 0.5')
  })

  it.each([
    ['cpu  100 0 0 1000 0 0 0 0', 'cpu  105 0 0 1095 0 0 0 0', 'ok'],
    ['cpu  100 0 0 1000 0 0 0 0', 'cpu  120 0 0 1080 0 0 0 0', 'warn'],
    ['cpu  100 0 0 1000 0 0 0 0', 'cpu  150 0 0 1050 0 0 0 0', 'bad'],
    ['cpu  100 0 0 1000 0 0 0 0', 'cpu  100 0 0 1095 0 0 0 5', 'warn'],
  ])('looks at the neighbours: from %s to %s is %s', async (before, after, state) => {
    const texts = { '/proc/stat': before }
    const found = await checkNeighbours(machine(texts), async () => {
      texts['/proc/stat'] = after
    })
    expect(found?.state).toBe(state)
    expect(await checkNeighbours(nothing, async () => {})).toBeUndefined()
  })

  it('looks at the clock speed, where there is one to set', () => {
    const governed = (a: string, b: string) =>
      checkGovernor(
        machine({
          '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': a,
          '/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor': b,
          '/sys/devices/system/cpu/cpufreq/boost': '1',
        }),
      )
    expect(governed('performance', 'performance')?.state).toBe('ok')
    expect(governed('performance', 'powersave')).toMatchObject({
      state: 'warn',
      change: 'sudo cpupower frequency-set -g performance',
    })
    expect(checkGovernor(nothing)).toBeUndefined()
  })

  it.each([
    [256, 'bad'],
    [1024, 'warn'],
    [65_536, 'ok'],
  ])('looks at %d open files: %s', (soft, state) => {
    const found = checkOpenFiles(machine({ '/proc/self/limits': limits(soft) }))
    expect(found.state).toBe(state)
    expect(found.change ?? 'ulimit -n').toContain('ulimit -n')
  })

  it('knows the limit on open files also without /proc', () => {
    expect(checkOpenFiles(nothing).found).toMatch(/^(no limit|up to \d)/)
  })

  it('looks at ports', async () => {
    const range = (text: string) => checkPorts(machine({ '/proc/sys/net/ipv4/ip_local_port_range': text }))
    expect(await range('32768\t60999')).toMatchObject({ state: 'ok', found: '28,232 to connect from (32768 to 60999)' })
    expect(await range('50000 60000')).toMatchObject({ state: 'warn' })
    expect(await range('60000 60100')).toMatchObject({ state: 'bad' })
    const mac = machine(
      { 'sysctl -n net.inet.ip.portrange.first': '49152', 'sysctl -n net.inet.ip.portrange.last': '65535' },
      'darwin',
    )
    expect(await checkPorts(mac)).toMatchObject({
      state: 'warn',
      change: 'sudo sysctl -w net.inet.ip.portrange.first=16384',
    })
    expect(await checkPorts(nothing)).toBeUndefined()
  })

  it('looks at the reuse of ports, the backlog and pressure', async () => {
    const reuse = (value: string) => checkPortReuse(machine({ '/proc/sys/net/ipv4/tcp_tw_reuse': value }))?.state
    expect(['0', '1', '2', '?'].map(reuse)).toEqual(['warn', 'ok', 'ok', undefined])
    expect((await checkBacklog(machine({ '/proc/sys/net/core/somaxconn': '128' })))?.change).toContain(
      'net.core.somaxconn=4096',
    )
    expect((await checkBacklog(machine({ '/proc/sys/net/core/somaxconn': '4096' })))?.state).toBe('ok')
    expect(checkPressure(machine({}))?.state).toBe('warn')
    expect(checkPressure(nothing)).toBeUndefined()
  })

  it('looks at memory, the container’s too', () => {
    const memory = { '/proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable:    2000000 kB\nSwapFree: 0 kB' }
    expect(checkMemory(machine(memory), 1, 8e9)).toMatchObject({ state: 'ok', found: '2.05 GB available of 8.00 GB' })
    const contained = {
      ...memory,
      '/sys/fs/cgroup/memory.max': '500000000',
      '/sys/fs/cgroup/memory.current': '100000000',
    }
    expect(checkMemory(machine(contained), 1, 8e9)).toMatchObject({
      state: 'bad',
      found: '400 MB available of 8.00 GB',
    })
    expect(checkMemory(nothing, 800e6, 8e9).state).toBe('warn')
  })

  it('looks at the clock and at timers', () => {
    const path = '/sys/devices/system/clocksource/clocksource0/current_clocksource'
    expect(checkClock(machine({ [path]: 'tsc' }), 0.00004)).toMatchObject({
      state: 'ok',
      found: 'source tsc, 0.04 µs a reading',
    })
    expect(checkClock(machine({ [path]: 'hpet' }), 0.001).state).toBe('warn')
    expect(checkClock(nothing, 0.01).state).toBe('warn')
    const late = (slowest: number) => checkTimers([...Array(90).fill(0.1), ...Array(10).fill(slowest)]).state
    expect([1, 8, 30].map(late)).toEqual(['ok', 'warn', 'bad'])
  })

  it('finds something to say on this machine, and on one that tells nothing', async () => {
    const here = await diagnose()
    expect(here.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['runtime', 'cores', 'memory', 'open files', 'timers']),
    )
    for (const { state, change } of here) expect(state !== 'ok' || change === undefined).toBe(true)
    expect((await diagnose(nothing)).length).toBeGreaterThanOrEqual(6)
  })

  it('writes it so that it can be read', () => {
    const text = renderDiagnoses(
      [
        { name: 'runtime', state: 'ok', found: 'Node v20.20.2' },
        { name: 'open files', state: 'warn', found: 'up to 1,024', change: 'ulimit -n 65536' },
        { name: 'timers', state: 'bad', found: 'fire late' },
      ],
      60,
      { colors: pc.createColors(false), unicode: true },
    )
    expect(text).toBe(`
  This machine
  ✓  runtime     Node v20.20.2
  ●  open files  up to 1,024
               → ulimit -n 65536
  ✗  timers      fire late

  1 thing to change before you trust a figure
`)
  })
})
