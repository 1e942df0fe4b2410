import { useEffect, useState } from 'preact/hooks'
import { names } from '../rooms/people.ts'
import { useValue } from '../state/value.ts'
import { spoken } from './file-text.ts'
import type { OpenRoom } from './open-room.ts'

/** Says the newest message of others to those who do not see it come. */
export function Announcer({ room, ownId }: { readonly room: OpenRoom; readonly ownId: string }) {
  const version = useValue(room.version)
  const [heard, setHeard] = useState(room.timeline.lastSeq)
  const [words, setWords] = useState('')
  useEffect(() => {
    const { lastSeq } = room.timeline
    const message = room.timeline.at(lastSeq)
    if (lastSeq === heard || message === undefined) return
    setHeard(lastSeq)
    const isFirst = heard === 0
    if (isFirst || message.sender_id === ownId) return
    setWords(`${names.current.get(message.sender_id) ?? 'Someone'}: ${spoken(message.content).slice(0, 200)}`)
  }, [version])
  return (
    <div class="sr-only" aria-live="polite">
      {words}
    </div>
  )
}
