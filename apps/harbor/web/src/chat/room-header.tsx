import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { isHere, statusOf } from '../rooms/presence.ts'
import { useValue } from '../state/value.ts'
import { MembersDialog, type RoomView } from './members-dialog.tsx'

interface Props extends RoomView {
  readonly onSearch: () => void
}

export function RoomHeader({ onSearch, ...view }: Props) {
  const { room, title, ownId, memberIds } = view
  const told = useValue(room.presence.told)
  const [showsMembers, setShowsMembers] = useState(false)
  const here = (id: string) => id === ownId || isHere(statusOf(told, id))
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
            : `${memberIds.length} ${memberIds.length === 1 ? 'member' : 'members'}, ${memberIds.filter(here).length} here`}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label="Members" onClick={() => setShowsMembers(true)}>
        <Icon name="people" />
      </button>
      <button type="button" class="icon-button" aria-label="Search in this room" onClick={onSearch}>
        <Icon name="search" />
      </button>
      {showsMembers && <MembersDialog {...view} here={here} onClose={() => setShowsMembers(false)} />}
    </header>
  )
}
