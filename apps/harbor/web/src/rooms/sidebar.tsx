import { useState } from 'preact/hooks'
import { route } from '../app/router.ts'
import { nextTheme, theme } from '../app/theme.ts'
import { toast } from '../app/toasts.tsx'
import { drafts } from '../chat/mailbox.ts'
import { hueOf, initials } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.tsx'
import { signOut, user } from '../session/session.ts'
import { useValue } from '../state/value.ts'
import { read } from './reading.ts'
import { RoomDialog } from './room-dialog.tsx'
import { joinedRooms, type Room, roomName, unreadIn } from './rooms.ts'

export function Sidebar() {
  const rooms = useValue(joinedRooms)
  const at = useValue(route)
  const [adding, setAdding] = useState(false)
  const openId = at.page === 'room' ? at.id : undefined
  return (
    <aside class="sidebar">
      <header>
        <a href="/" class="brand">
          <Icon name="anchor" /> Harbor
        </a>
      </header>
      <nav aria-label="Rooms and documents">
        <a class="nav-link" href="/documents" aria-current={at.page.startsWith('document') ? 'page' : undefined}>
          <Icon name="file" /> Documents
        </a>
        <div class="nav-head">
          <h2>Rooms</h2>
          <button type="button" class="icon-button" aria-label="Find or create a room" onClick={() => setAdding(true)}>
            <Icon name="plus" />
          </button>
        </div>
        <ul>
          {rooms?.map((room) => (
            <RoomLink key={room.id} room={room} open={room.id === openId} />
          ))}
        </ul>
        {rooms?.length === 0 && (
          <div class="nav-empty">
            <p class="quiet small">You are in no room yet.</p>
            <button type="button" class="button" onClick={() => setAdding(true)}>
              Find or create one
            </button>
          </div>
        )}
      </nav>
      <Footer />
      {adding && <RoomDialog onClose={() => setAdding(false)} />}
    </aside>
  )
}

function RoomLink({ room, open }: { readonly room: Room; readonly open: boolean }) {
  const unread = unreadIn(room, useValue(read))
  const name = roomName(room)
  return (
    <li>
      <a class="nav-link" href={`/rooms/${room.id}`} aria-current={open ? 'page' : undefined}>
        <span class="hash" style={{ '--hue': String(hueOf(room.id)) }} aria-hidden="true">
          {initials(name)}
        </span>
        <span class={unread > 0 ? 'name unread' : 'name'}>{name}</span>
        {unread > 0 && (
          <span class="count">
            {unread > 99 ? '99+' : unread}
            <span class="sr-only"> unread</span>
          </span>
        )}
      </a>
    </li>
  )
}

function Footer() {
  const self = useValue(user)
  const chosen = useValue(theme)
  if (!self) return null

  function leave(): void {
    const waiting = drafts.current.length
    if (waiting > 0)
      toast(`${waiting} unsent message${waiting === 1 ? '' : 's'} would be lost. Wait until you are connected.`)
    else void signOut()
  }

  return (
    <footer>
      <span class="avatar" style={{ '--hue': String(hueOf(self.id)) }} aria-hidden="true">
        {initials(self.name)}
      </span>
      <span class="self">
        <b>{self.name}</b>
        <span class="quiet small">{self.email ?? 'Signed in by wallet'}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={`Theme: ${chosen}. Change to ${nextTheme[chosen]}.`}
        onClick={() => theme.set(nextTheme[chosen])}
      >
        <Icon name={chosen} />
      </button>
      <button type="button" class="icon-button" aria-label="Sign out" onClick={leave}>
        <Icon name="exit" />
      </button>
    </footer>
  )
}
