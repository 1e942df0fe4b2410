import { expect, it } from 'vitest'
import { startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres } from './support/postgres.ts'

it('has the first pages of rooms and groups before anybody asks for them', async () => {
  const postgres = await startTestPostgres()
  try {
    const url = await postgres.database()
    const before = await startInstance(url)
    const { token } = (await people(before).register('ann')).body
    await people(before).post('/api/rooms', { name: 'r', kind: 'room' }, undefined, token)
    await before.close()

    const harbor = await startInstance(url)
    try {
      const counts = async (what: 'hits' | 'misses') =>
        /\{cache="rooms"\} (\d+)/.exec(
          await harbor.metrics.registry.getSingleMetricAsString(`cache_${what}_total`),
        )?.[1]
      expect(await counts('misses')).toBe('2')
      for (const list of ['rooms', 'groups']) {
        const { status, body } = await people(harbor).get<Record<string, readonly unknown[]>>(`/api/${list}`, token)
        expect(status).toBe(200)
        expect(body[list]).toHaveLength(list === 'rooms' ? 1 : 0)
      }
      expect(await counts('hits')).toBe('2')
      expect(await counts('misses')).toBe('2')
    } finally {
      await harbor.close()
    }
  } finally {
    await postgres.stop()
  }
})
