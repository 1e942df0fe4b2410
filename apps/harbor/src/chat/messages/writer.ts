import type { Pool } from 'pg'
import { GroupCommit } from '../../database/group-commit.ts'
import { isUnavailable } from '../../database/unavailable.ts'
import type { Channels } from '../../fan-out/channels.ts'
import type { Entry } from '../../fan-out/sequencer.ts'
import { HttpError, unavailable } from '../../http/http-error.ts'
import { append, type Draft, type Stored } from './append.ts'
import { type Message, toEntry } from './message.ts'
import type { Notices } from './notices.ts'

export interface MessageWriter {
  /**
   * Resolves when the message is committed; with the earlier one when it had been stored before.
   * @throws {HttpError} 403 when the sender is no member, 404, 503 when too many wait
   */
  write(draft: Draft): Promise<Message>
  /** Resolves when all that were accepted have their answer. */
  close(): Promise<void>
}

const limits = { maxBatch: 500, maxWaiting: 5_000, maxWaitingBytes: 32 * 1024 * 1024 }

interface Listeners {
  readonly channels: Channels
  readonly notices: Notices
}

/** Stores messages in batches, and then tells everyone. */
export function messageWriter(pool: Pool, listeners: Listeners): MessageWriter {
  const commits = new GroupCommit<Draft, Stored>({
    ...limits,
    commit: async (drafts) => {
      const outcomes = await append(pool, drafts)
      tell(listeners, drafts, outcomes)
      return outcomes
    },
    concernsAll: isUnavailable,
    refuse: () => unavailable('Too many messages are waiting here.'),
  })
  return {
    write: async (draft) => (await commits.submit(draft, draft.content.length)).message,
    close: () => commits.idle(),
  }
}

/** Only what is committed is told to anyone. */
function tell(
  { channels, notices }: Listeners,
  drafts: readonly Draft[],
  outcomes: readonly (Stored | HttpError)[],
): void {
  const rooms = new Map<string, Map<number, Entry>>()
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome instanceof HttpError || !outcome.fresh) continue
    const { message, pair } = outcome
    const entries = rooms.get(message.roomId) ?? new Map<number, Entry>()
    // Who sent the same twice in one batch is told of it once.
    if (entries.has(message.seq)) continue
    const entry = toEntry(message, drafts[index]?.at)
    rooms.set(message.roomId, entries.set(message.seq, entry))
    for (const userId of pair?.split(' ') ?? []) {
      if (userId !== message.senderId) notices.tell(userId, message.roomId, entry.json)
    }
  }
  for (const [roomId, entries] of rooms)
    channels.publish(
      roomId,
      [...entries.values()].sort((a, b) => a.seq - b.seq),
    )
}
