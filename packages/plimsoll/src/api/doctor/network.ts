import { formatCount } from '../../report/format.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { MachineFiles } from './machine-files.ts'

/** Linux's default range has 28,232. */
const ENOUGH_PORTS = 28_000

/** Ports that connections are made from: as many as can be open, or closed within a minute, to one address. */
export async function checkPorts({ platform, read, ask }: MachineFiles): Promise<Diagnosis | undefined> {
  const isLinux = platform === 'linux'
  const range = isLinux
    ? (read('/proc/sys/net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number)
    : [
        await ask('sysctl', '-n', 'net.inet.ip.portrange.first'),
        await ask('sysctl', '-n', 'net.inet.ip.portrange.last'),
      ].map(Number)
  const [first, last] = range
  if (first === undefined || last === undefined || !(last > first && first > 0)) return undefined
  const count = last - first + 1
  const name = 'ports'
  const found = `${formatCount(count)} to connect from (${first} to ${last})`
  if (count >= ENOUGH_PORTS) return { name, state: 'ok', found }
  const change = isLinux
    ? 'sudo sysctl -w net.ipv4.ip_local_port_range="10240 65535"'
    : 'sudo sysctl -w net.inet.ip.portrange.first=16384'
  return { name, state: count < 1000 ? 'bad' : 'warn', found, change }
}

/** https://docs.kernel.org/networking/ip-sysctl.html: 0 never, 1 always, 2 on loopback only. */
export function checkPortReuse({ read }: MachineFiles): Diagnosis | undefined {
  const value = read('/proc/sys/net/ipv4/tcp_tw_reuse')
  const name = 'port reuse'
  switch (value) {
    case '1':
      return { name, state: 'ok', found: 'a closed connection’s port is free again after a second' }
    case '2':
      return { name, state: 'ok', found: 'a closed connection’s port is free again after a second, on loopback' }
    case '0':
      return {
        name,
        state: 'warn',
        found: 'a closed connection keeps its port for a minute: plans without keep-alive run out of ports',
        change: 'sudo sysctl -w net.ipv4.tcp_tw_reuse=1',
      }
    default:
      return undefined
  }
}

const ENOUGH_BACKLOG = 1024

export async function checkBacklog({ platform, read, ask }: MachineFiles): Promise<Diagnosis | undefined> {
  const isLinux = platform === 'linux'
  const text = isLinux ? read('/proc/sys/net/core/somaxconn') : await ask('sysctl', '-n', 'kern.ipc.somaxconn')
  const most = Number(text ?? Number.NaN)
  if (!Number.isFinite(most)) return undefined
  const name = 'backlog'
  const found = `${formatCount(most)} connections may wait to be accepted`
  if (most >= ENOUGH_BACKLOG) return { name, state: 'ok', found }
  const key = isLinux ? 'net.core.somaxconn' : 'kern.ipc.somaxconn'
  const change = `sudo sysctl -w ${key}=4096 (for a system on this machine, which may also need a larger listen backlog)`
  return { name, state: 'warn', found: `${found}: a burst of users waits a second for its second try`, change }
}
