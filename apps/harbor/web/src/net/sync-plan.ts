/** What the device says of itself; undefined where the browser does not tell. */
export interface Conditions {
  /** From 0 to 1. */
  readonly batteryLevel: number | undefined
  readonly charging: boolean | undefined
  /** As the browser names it: `4g`, `3g` … */
  readonly networkType: string | undefined
  readonly saveData: boolean
  /** How long the server took to acknowledge lately, in milliseconds. */
  readonly latency: number | undefined
  readonly hidden: boolean
}

export interface SyncPlan {
  /** Between two looks at what is new in the other rooms, in milliseconds; the open one is told of by itself. */
  readonly interval: number
  /** How long an edit waits for more before it is sent, in milliseconds: less often is more at once. */
  readonly editPause: number
  /** Messages that are fetched at once. */
  readonly pageSize: number
}

const lowBattery = 0.2
const slowLatency = 500
const slowNetworks = new Set(['3g', '2g', 'slow-2g'])

/** Seldom on a low battery, on a slow network and where nobody looks; the figures are seed 000's. */
export function syncPlan(conditions: Conditions): SyncPlan {
  const { batteryLevel = 1, charging, networkType = '', saveData, latency = 0, hidden } = conditions
  const isBatteryLow = batteryLevel <= lowBattery && charging !== true
  const isSlow = saveData || slowNetworks.has(networkType) || latency > slowLatency
  return {
    interval: (isBatteryLow || isSlow ? 15_000 : 5_000) * (hidden ? 4 : 1),
    editPause: isSlow ? 1_000 : isBatteryLow ? 400 : 60,
    pageSize: isSlow ? 20 : 50,
  }
}
