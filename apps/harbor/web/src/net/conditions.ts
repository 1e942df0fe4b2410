import { Value } from '../state/value.ts'
import { type Conditions, type SyncPlan, syncPlan } from './sync-plan.ts'

interface Battery extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

interface Connection extends EventTarget {
  readonly effectiveType?: string
  readonly saveData?: boolean
}

type Told = Navigator & { getBattery?(): Promise<Battery>; readonly connection?: Connection }

const told = navigator as Told
let battery: Battery | undefined
let latency: number | undefined

const read = (): Conditions => ({
  batteryLevel: battery?.level,
  charging: battery?.charging,
  networkType: told.connection?.effectiveType,
  saveData: told.connection?.saveData ?? false,
  latency,
  hidden: document.hidden,
})

/** How to sync now. */
export const plan = new Value<SyncPlan>(syncPlan(read()))

function weigh(): void {
  const next = syncPlan(read())
  const { interval, editPause } = plan.current
  if (next.interval !== interval || next.editPause !== editPause) plan.set(next)
}

/** An acknowledgement took that long, in milliseconds. Smoothed: one slow answer is not a slow network. */
export function noteLatency(sample: number): void {
  latency = latency === undefined ? sample : latency * 0.8 + sample * 0.2
  weigh()
}

document.addEventListener('visibilitychange', weigh)
told.connection?.addEventListener('change', weigh)
void told.getBattery?.().then((found) => {
  battery = found
  for (const change of ['levelchange', 'chargingchange']) found.addEventListener(change, weigh)
  weigh()
})
