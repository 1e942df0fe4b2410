import { useState } from 'preact/hooks'
import { go } from '../app/router.ts'
import { toastError } from '../app/toasts.tsx'
import { hueOf, initials } from '../parts/avatar.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { names } from '../rooms/people.ts'
import { statusOf } from '../rooms/presence.ts'
import { directWith, leaveRoom, type Room } from '../rooms/rooms.ts'
import { useValue } from '../state/value.ts'
import { DirectDialog } from './direct-dialog.tsx'
import type { OpenRoom } from './open-room.ts'

/** A room as its header and its members see it. */
export interface RoomView {
  readonly room: OpenRoom
  readonly title: string
  /** Undefined until it is known. */
  readonly kind: Room['kind'] | undefined
  readonly ownId: string
  readonly memberIds: readonly string[]
}

interface Props extends RoomView {
  readonly here: (id: string) => boolean
  readonly onClose: () => void
}

const words = { online: 'here', typing: 'writing', busy: 'busy', away: 'away', offline: 'not here' }

/** Who is in the room, those who are here first; the way to one of them alone, and the way out. */
export function MembersDialog({ room, title, kind, ownId, memberIds, here, onClose }: Props) {
  const told = useValue(room.presence.told)
  const known = useValue(names)
  const [addressee, setAddressee] = useState<string>()
  const isCommon = kind === 'room' || kind === 'group'
  const nameOf = (id: string) => known.get(id) ?? 'Someone'

  function open(roomId: string): void {
    go(`/rooms/${roomId}`)
    onClose()
  }

  function write(id: string): void {
    const direct = directWith(id)
    if (direct) open(direct.id)
    else setAddressee(id)
  }

  async function leave(): Promise<void> {
    try {
      await leaveRoom(room.id)
      go('/')
    } catch (error) {
      toastError(error)
    }
  }

  if (addressee !== undefined) {
    return <DirectDialog userId={addressee} name={nameOf(addressee)} onSent={open} onClose={onClose} />
  }
  return (
    <Dialog title={`Members of ${title}`} onClose={onClose}>
      <ul class="people">
        {[...memberIds.filter(here), ...memberIds.filter((id) => !here(id))].map((id) => (
          <li key={id}>
            <span class="avatar" style={{ '--hue': String(hueOf(id)) }} aria-hidden="true">
              {initials(known.get(id) ?? '?')}
            </span>
            <span>{id === ownId ? `${known.get(id) ?? 'You'} (you)` : nameOf(id)}</span>
            <span class="quiet small">{id === ownId ? 'here' : words[statusOf(told, id)]}</span>
            {isCommon && id !== ownId && (
              <button
                type="button"
                class="icon-button"
                aria-label={`Write to ${nameOf(id)} alone`}
                onClick={() => write(id)}
              >
                <Icon name="send" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {isCommon && (
        <button type="button" class="button" onClick={() => void leave()}>
          <Icon name="leave" /> Leave this room
        </button>
      )}
    </Dialog>
  )
}
