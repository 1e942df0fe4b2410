import { describe, expect, it } from 'vitest'
import { cpuStatPaths, parseMachineCpu, parseMaxFiles, parsePressure, parseThrottled } from './host-files.ts'

describe('parseMachineCpu', () => {
  it('tells work from idling, waiting for disks and stolen time, and counts guests once', () => {
    const text = 'cpu  1000 200 300 5000 400 10 20 70 500 100\ncpu0 500 100 150 2500 200 5 10 35 250 50\nintr 1 2 3\n'
    const cpu = parseMachineCpu(text)
    expect(cpu?.busy).toBeCloseTo(15.3)
    expect(cpu?.stolen).toBeCloseTo(0.7)
    expect(cpu?.all).toBeCloseTo(70)
  })

  it('is undefined where there is no /proc/stat', () => {
    expect(parseMachineCpu('')).toBeUndefined()
  })
})

describe('parsePressure', () => {
  it('reads the total of "some", not of "full"', () => {
    const text =
      'some avg10=0.00 avg60=0.15 avg300=0.22 total=12392586\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n'
    expect(parsePressure(text)).toBeCloseTo(12.392586)
    expect(parsePressure('')).toBeUndefined()
  })
})

describe('parseThrottled', () => {
  it('reads both versions, and is undefined for a group that cannot have a quota', () => {
    expect(parseThrottled('nr_periods 9\nnr_throttled 4\nthrottled_time 123\n')).toBe(4)
    expect(parseThrottled('usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 0\nnr_throttled 0\n')).toBe(0)
    expect(parseThrottled('usage_usec 5\nuser_usec 3\nsystem_usec 2\n')).toBeUndefined()
  })
})

describe('parseMaxFiles', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax open files            ${soft}              524288               files     \n`

  it('takes the soft limit', () => {
    expect(parseMaxFiles(limits('1024'))).toBe(1024)
    expect(parseMaxFiles(limits('unlimited'))).toBeUndefined()
    expect(parseMaxFiles('')).toBeUndefined()
  })
})

describe('cpuStatPaths', () => {
  it('names the group and all above it, version 2', () => {
    expect(cpuStatPaths('0::/user.slice/session-1.scope\n').filter((path) => !path.includes('unified'))).toEqual([
      '/sys/fs/cgroup/user.slice/session-1.scope/cpu.stat',
      '/sys/fs/cgroup/user.slice/cpu.stat',
      '/sys/fs/cgroup/cpu.stat',
    ])
  })

  it('takes the cpu controller of version 1, not cpuset or cpuacct alone', () => {
    expect(cpuStatPaths('5:cpu,cpuacct:/docker/abc\n3:cpuset:/docker/abc\n2:cpuacct:/x\n')).toEqual([
      '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.stat',
      '/sys/fs/cgroup/cpu,cpuacct/docker/cpu.stat',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.stat',
    ])
  })
})
