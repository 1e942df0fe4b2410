import type { ProbeOptions } from 'plimsoll'

/** The processes that are no strangers on this machine: harbor with nginx and its supervisor, and Postgres. */
export function system(): ProbeOptions {
  const { SYSTEM_PID: pid, DATABASE_URL: postgres } = process.env
  return {
    ...(pid !== undefined && { process: { pid: Number(pid) } }),
    ...(postgres !== undefined && { postgres }),
  }
}
