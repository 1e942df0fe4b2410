import { createHmac } from 'node:crypto'
import type { Pool } from 'pg'

export interface Device {
  readonly device_id: string
  readonly device_token: string
  readonly device_name: string
  readonly os_version: string
}

export interface Devices {
  /** Enrolls the device, again if need be. False when it is enrolled with another token. */
  enroll(device: Device): Promise<boolean>
}

export function devices(pool: Pool, secret: string): Devices {
  /**
   * Keyed with harbor's secret, which is not in the database: a copy of the table alone does not let anyone try
   * tokens. So the comparison may be Postgres's, and no slow hash has to stand on the way of a hundred devices a second.
   */
  const tokenHash = ({ device_id, device_token }: Device): Buffer =>
    createHmac('sha256', secret).update(`device-token\0${device_id}\0`).update(device_token).digest()

  return {
    async enroll(device) {
      const { rowCount } = await pool.query({
        name: 'enroll',
        text: `
          INSERT INTO devices AS d (device_id, token_hash, device_name, os_version) VALUES ($1, $2, $3, $4)
          ON CONFLICT (device_id) DO UPDATE
            SET device_name = excluded.device_name, os_version = excluded.os_version, last_enrolled_at = clock_timestamp()
            WHERE d.token_hash = excluded.token_hash`,
        values: [device.device_id, tokenHash(device), device.device_name, device.os_version],
      })
      return rowCount === 1
    },
  }
}
