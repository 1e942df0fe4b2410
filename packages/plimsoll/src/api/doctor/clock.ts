import { millis } from '../../base/units.ts'
import { formatMillis } from '../../report/format.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { MachineFiles } from './machine-files.ts'

const slowSources = ['hpet', 'acpi_pm', 'jiffies']

export function checkClock({ read }: MachineFiles, cost = costOfReading()): Diagnosis {
  const source = read('/sys/devices/system/clocksource/clocksource0/current_clocksource')
  const name = 'clock'
  const found = `${source === undefined ? '' : `source ${source}, `}${formatMillis(millis(cost))} a reading`
  const isSlow = source !== undefined && slowSources.includes(source)
  if (!isSlow && cost < 0.002) return { name, state: 'ok', found }
  const change = 'Boot with clocksource=tsc tsc=reliable, or use a machine with a steady time-stamp counter'
  return { name, state: 'warn', found: `${found}: timing takes part of what is timed`, change }
}

/** Milliseconds for one reading of the monotonic clock: the best of a few tries, which others disturbed least. */
function costOfReading(): number {
  const readings = 20_000
  const tries = Array.from({ length: 5 }, () => {
    const begin = performance.now()
    for (let i = 0; i < readings; i++) performance.now()
    return (performance.now() - begin) / readings
  })
  return Math.min(...tries)
}

/** How late timers of a millisecond fire: in milliseconds, shortest first. */
export async function measureTimers(count: number): Promise<number[]> {
  const late: number[] = []
  for (let i = 0; i < count; i++) {
    const begin = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1))
    late.push(performance.now() - begin - 1)
  }
  return late.sort((a, b) => a - b)
}

/** Held against validity rule V2's limits on the delay of the event loop. */
export function checkTimers(late: readonly number[]): Diagnosis {
  const at = (q: number): number => Math.max(0, late[Math.min(late.length - 1, Math.floor(q * late.length))] ?? 0)
  const [median, p95] = [at(0.5), at(0.95)]
  const name = 'timers'
  const found = `fire ${formatMillis(millis(median))} late, 5 % of them ${formatMillis(millis(p95))} or more`
  if (p95 <= 5) return { name, state: 'ok', found }
  return { name, state: p95 > 20 ? 'bad' : 'warn', found, change: 'Take other work off the machine: top -o %CPU' }
}
