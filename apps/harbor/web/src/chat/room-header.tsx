import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { isHere, statusOf } from '../rooms/presence.ts'
import type { Room } from '../rooms/rooms.ts'
import { useValue } from '../state/value.ts'
import { MembersDialog } from './members-dialog.tsx'
import type { OpenRoom } from './open-room.ts'

interface Props {
  readonly room: OpenRoom
  readonly title: string
  /** Undefined until it is known. */
  readonly kind: Room['kind'] | undefined
  readonly ownId: string
  readonly memberIds: readonly string[]
  readonly onSearch: () => void
}

export function RoomHeader({ room, title, kind, ownId, memberIds, onSearch }: Props) {
  const told = useValue(room.presence.told)
  const [showsMembers, setShowsMembers] = useState(false)
  const present = memberIds.filter((id) => id === ownId || isHere(statusOf(told, id)))
  return (
    <header class="pane-header">
      <a href="/" class="icon-button only-phone" aria-label="Back to all rooms">
        <Icon name="back" />
      </a>
      <div class="pane-title">
        <h1>{title}</h1>
        <p class="quiet small">
          {memberIds.length === 0
            ? ' '
            : `${memberIds.length} ${memberIds.length === 1 ? 'member' : 'members'}, ${present.length} here`}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label="Members" onClick={() => setShowsMembers(true)}>
        <Icon name="people" />
      </button>
      <button type="button" class="icon-button" aria-label="Search in this room" onClick={onSearch}>
        <Icon name="search" />
      </button>
      {showsMembers && (
        <MembersDialog {...{ room, title, kind, ownId, memberIds }} onClose={() => setShowsMembers(false)} />
      )}
    </header>
  )
}
