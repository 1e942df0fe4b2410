import { arch, cpus, hostname, platform, release, totalmem } from 'node:os'
import type { MachineInfo } from '../record/events.ts'
import { version } from './version.ts'

export function describeMachine(): MachineInfo {
  const processors = cpus()
  return {
    hostname: hostname(),
    platform: `${platform()} ${arch()}`,
    release: release(),
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    plimsoll: version,
  }
}
