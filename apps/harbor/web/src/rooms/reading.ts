import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'

type Seqs = Readonly<Record<string, number>>

/** How far the user has read in each room. */
export const read = new Value<Seqs>({})

let otherPages: BroadcastChannel | undefined

/** Pages of one browser tell each other what was read in them. @returns ends that, and forgets what was read */
export function shareReading(userId: string): () => void {
  const channel = new BroadcastChannel(`harbor-read-${userId}`)
  channel.onmessage = ({ data }: MessageEvent<Seqs>) => noteRead(data)
  otherPages = channel
  return () => {
    channel.close()
    otherPages = undefined
    read.set({})
  }
}

export async function restoreReading(): Promise<void> {
  noteRead((await keptValues.get<Seqs>('read')) ?? {})
}

export function markRead(roomId: string, seq: number): void {
  if (noteRead({ [roomId]: seq })) otherPages?.postMessage({ [roomId]: seq })
}

/** Whatever order such news come in: nobody reads backwards. @returns true if there was any */
export function noteRead(seqs: Seqs): boolean {
  const fresh = Object.entries(seqs).filter(([id, seq]) => seq > (read.current[id] ?? -1))
  if (fresh.length === 0) return false
  read.set({ ...read.current, ...Object.fromEntries(fresh) })
  keptValues.set('read', read.current)
  return true
}
