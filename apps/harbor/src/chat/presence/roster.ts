import { randomUUID } from 'node:crypto'
import type { KeyValue } from '../../redis/key-value.ts'

/** By user's id; what they say of themselves, or null when they said nothing. */
export type Present = Readonly<Record<string, string | null>>

/** What one connection says stands above the silence of another. */
export function merge(all: readonly Present[]): Present {
  const merged: Record<string, string | null> = {}
  for (const present of all) {
    for (const [userId, status] of Object.entries(present)) merged[userId] = status ?? merged[userId] ?? null
  }
  return merged
}

export interface Roster {
  /** Who is in a room here may have changed. */
  changed(roomId: string): void
  /** Who is in a room on other instances, as of a second ago; nobody while Redis is away. */
  elsewhere(roomId: string): Promise<Present>
  close(): Promise<void>
}

interface Noted {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly present: Present
}

/** In milliseconds: changes within it are one note. */
const noteEvery = 250
const renewEvery = 15_000
/** A note that was not renewed for that long is of an instance that is no more. */
const lifetime = 60_000
/** Notes at a time; the other rooms' turn comes with the next. */
const mostNotes = 200

/**
 * Each instance notes in Redis who is in a room with it, a field for each instance: nobody's crash leaves anyone behind for
 * longer than a minute, and there is no count that could go wrong.
 */
export function openRoster(store: KeyValue, here: (roomId: string) => Present): Roster {
  const instance = randomUUID()
  const changed = new Set<string>()
  const noted = new Set<string>()
  const key = (roomId: string) => `harbor:present:${roomId}`

  async function note(roomId: string): Promise<void> {
    changed.delete(roomId)
    const present = here(roomId)
    if (Object.keys(present).length > 0) {
      noted.add(roomId)
      await store.setField(key(roomId), instance, JSON.stringify({ at: Date.now(), present } satisfies Noted), lifetime)
    } else if (noted.delete(roomId)) await store.deleteField(key(roomId), instance)
  }

  /** What fails is noted with the next renewal, or forgotten by its age. */
  const noteAll = (roomIds: Iterable<string>) => Promise.allSettled(Array.from(roomIds, note))

  const noting = setInterval(() => void noteAll([...changed].slice(0, mostNotes)), noteEvery).unref()
  const renewing = setInterval(() => {
    for (const roomId of noted) changed.add(roomId)
  }, renewEvery).unref()

  return {
    changed: (roomId) => void changed.add(roomId),
    async elsewhere(roomId) {
      const fields = await store.fields(key(roomId)).catch(() => ({}))
      const all: Present[] = []
      for (const [from, text] of Object.entries(fields)) {
        if (from === instance) continue
        const { at, present }: Noted = JSON.parse(text)
        if (Date.now() - at < lifetime) all.push(present)
        else store.deleteField(key(roomId), from).catch(() => undefined)
      }
      return merge(all)
    },
    async close() {
      clearInterval(noting)
      clearInterval(renewing)
      await noteAll(new Set([...changed, ...noted]))
    },
  }
}
