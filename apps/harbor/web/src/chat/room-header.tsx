import { useState } from 'preact/hooks'
import { go } from '../app/router.ts'
import { toastError } from '../app/toasts.tsx'
import { hueOf, initials } from '../parts/avatar.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { names } from '../rooms/people.ts'
import { presence, statusOf } from '../rooms/presence.ts'
import { leaveRoom } from '../rooms/rooms.ts'
import { useValue } from '../state/value.ts'

interface Props {
  readonly roomId: string
  readonly title: string
  readonly canLeave: boolean
  readonly ownId: string
  readonly memberIds: readonly string[]
  readonly onSearch: () => void
}

export function RoomHeader({ roomId, title, canLeave, ownId, memberIds, onSearch }: Props) {
  const told = useValue(presence)
  const known = useValue(names)
  const [showsPeople, setShowsPeople] = useState(false)
  const here = (id: string) => id === ownId || statusOf(told, id) !== 'offline'
  const online = memberIds.filter(here).length

  async function leave(): Promise<void> {
    try {
      await leaveRoom(roomId)
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
            : `${memberIds.length} ${memberIds.length === 1 ? 'member' : 'members'}, ${online} here`}
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
            {memberIds.map((id) => (
              <li key={id}>
                <span class="avatar" style={{ '--hue': String(hueOf(id)) }} aria-hidden="true">
                  {initials(known.get(id) ?? '?')}
                </span>
                <span>{id === ownId ? `${known.get(id) ?? 'You'} (you)` : (known.get(id) ?? 'Someone')}</span>
                <span class="quiet small">{here(id) ? (id === ownId ? 'here' : statusOf(told, id)) : 'away'}</span>
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
