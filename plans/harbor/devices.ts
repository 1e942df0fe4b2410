import type { SetupContext } from 'plimsoll'

/** Requests of `setup` that wait for their answers at one time. */
const atOnce = 16

/** Enrols devices that were never there before. @returns their tokens */
export async function enrollDevices({ http }: SetupContext, count: number): Promise<readonly string[]> {
  const run = Date.now().toString(36)
  const tokens: string[] = []
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, async (_, step) => {
      const json = { device_id: `${run}-${from + step}`, device_token: 'test-token', device_name: 'Test Device' }
      const answer = await http.post('/device/enroll', { json: { ...json, os_version: '17.1' } })
      if (answer.status !== 200) throw new Error(`${answer.url} answered ${answer.status}`)
      return answer.json<{ enrollment_token: string }>().enrollment_token
    })
    tokens.push(...(await Promise.all(some)))
  }
  return tokens
}
