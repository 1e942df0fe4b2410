import { useState } from 'preact/hooks'
import { go } from '../app/router.ts'
import { toastError } from '../app/toasts.tsx'
import { hueOf, initials } from '../parts/avatar.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { names } from '../rooms/people.ts'
import { isHere, statusOf } from '../rooms/presence.ts'
import { leaveRoom } from '../rooms/rooms.ts'
import { useValue } from '../state/value.ts'
import type { OpenRoom } from './open-room.ts'

interface Props {
  readonly room: OpenRoom
  readonly title: string
  readonly canLeave: boolean
  readonly ownId: string
  readonly memberIds: readonly string[]
  readonly onSearch: () => void
}

const words = { online: 'here', typing: 'writing', busy: 'busy', away: 'away', offline: 'not here' }

export function RoomHeader({ room, title, canLeave, ownId, memberIds, onSearch }: Props) {
  const told = useValue(room.presence.told)
  const known = useValue(names)
  const [showsPeople, setShowsPeople] = useState(false)
  const here = (id: string) => id === ownId || isHere(statusOf(told, id))
  const present = memberIds.filter(here)
  const sorted = showsPeople ? [...present, ...memberIds.filter((id) => !here(id))] : []

  async function leave(): Promise<void> {
    try {
      await leaveRoom(room.id)
      go('/')
    } catch (error) {
      toastError(error)
    }
  }

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
      <button type="button" class="icon-button" aria-label="Members" onClick={() => setShowsPeople(true)}>
        <Icon name="people" />
      </button>
      <button type="button" class="icon-button" aria-label="Search in this room" onClick={onSearch}>
        <Icon name="search" />
      </button>
      {showsPeople && (
        <Dialog title={`Members of ${title}`} onClose={() => setShowsPeople(false)}>
          <ul class="people">
            {sorted.map((id) => (
              <li key={id}>
                <span class="avatar" style={{ '--hue': String(hueOf(id)) }} aria-hidden="true">
                  {initials(known.get(id) ?? '?')}
                </span>
                <span>{id === ownId ? `${known.get(id) ?? 'You'} (you)` : (known.get(id) ?? 'Someone')}</span>
                <span class="quiet small">{id === ownId ? 'here' : words[statusOf(told, id)]}</span>
              </li>
            ))}
          </ul>
          {canLeave && (
            <button type="button" class="button" onClick={() => void leave()}>
              <Icon name="leave" /> Leave this room
            </button>
          )}
        </Dialog>
      )}
    </header>
  )
}
