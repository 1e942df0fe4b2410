import { useEffect, useReducer, useState } from 'preact/hooks'
import { titlePage } from '../app/title.ts'
import { toastError } from '../app/toasts.tsx'
import { names } from '../rooms/people.ts'
import { statusOf, typingSilence } from '../rooms/presence.ts'
import { joinedRooms, joinRoom, roomName } from '../rooms/rooms.ts'
import { user } from '../session/session.ts'
import { useValue } from '../state/value.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { MessageList } from './message-list.tsx'
import { OpenRoom } from './open-room.ts'
import { PictureViewer } from './picture.tsx'
import { RoomHeader } from './room-header.tsx'
import { SearchPanel } from './search-panel.tsx'

/** Draws again from scratch for another room. */
export const RoomPage = ({ id }: { readonly id: string }) => <RoomView key={id} id={id} />

function RoomView({ id }: { readonly id: string }) {
  const [room, setRoom] = useState<OpenRoom>()
  useEffect(() => {
    const opened = new OpenRoom(id)
    setRoom(opened)
    return () => opened.close()
  }, [id])
  return room ? <Opened room={room} /> : <main class="pane" />
}

function Opened({ room }: { readonly room: OpenRoom }) {
  const ownId = useValue(user)?.id ?? ''
  const problem = useValue(room.problem)
  const ready = useValue(room.ready)
  const rooms = useValue(joinedRooms)
  const memberIds = useValue(room.members)
  const [searches, setSearches] = useState(false)
  const [target, setTarget] = useState<{ readonly index: number }>()
  const info = rooms?.find(({ id }) => id === room.id)

  // The list of rooms says how far each has come: another way to hear of what the socket missed.
  useEffect(() => room.heardOf(info?.last_seq ?? 0), [info?.last_seq])
  const title = info ? roomName(info) : 'Room'
  useEffect(() => {
    titlePage(title)
  }, [title])

  if (problem) return <NoEntry room={room} message={problem.message} canJoin={problem.status === 403} />
  return (
    <main class="pane room">
      <RoomHeader
        room={room}
        title={title}
        kind={info?.kind}
        ownId={ownId}
        memberIds={memberIds}
        onSearch={() => setSearches(true)}
      />
      {searches && (
        <SearchPanel
          roomId={room.id}
          onOpen={(seq) => setTarget({ index: seq - 1 })}
          onClose={() => setSearches(false)}
        />
      )}
      <MessageList room={room} ownId={ownId} target={target} />
      {ready && <FirstWords room={room} />}
      <Typing room={room} ownId={ownId} />
      <Announcer room={room} ownId={ownId} />
      <Composer roomId={room.id} roomName={title} />
      <PictureViewer />
    </main>
  )
}

function FirstWords({ room }: { readonly room: OpenRoom }) {
  useValue(room.version)
  return room.timeline.lastSeq > 0 ? null : (
    <p class="first-words quiet">Nobody has said anything yet. You could be first.</p>
  )
}

function Typing({ room, ownId }: { readonly room: OpenRoom; readonly ownId: string }) {
  const told = useValue(room.presence.told)
  const known = useValue(names)
  const who = [...told.keys()].filter((id) => id !== ownId && statusOf(told, id) === 'typing')
  const [, redraw] = useReducer((times: number, _: null) => times + 1, 0)
  useEffect(() => {
    if (who.length === 0) return undefined
    const timer = setTimeout(() => redraw(null), typingSilence)
    return () => clearTimeout(timer)
  }, [told])
  const [first] = who.map((id) => known.get(id) ?? 'Someone')
  const line = who.length > 1 ? 'Several people are writing…' : `${first} is writing…`
  return <p class="typing quiet small">{who.length > 0 && line}</p>
}

function NoEntry({ room, message, canJoin }: { room: OpenRoom; message: string; canJoin: boolean }) {
  async function join(): Promise<void> {
    try {
      await joinRoom(room.id)
      await room.enter()
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <main class="pane empty">
      <h1>{canJoin ? 'You are not in this room' : 'This room cannot be shown'}</h1>
      <p>{message}</p>
      {canJoin ? (
        <button type="button" class="button primary" onClick={() => void join()}>
          Join the room
        </button>
      ) : (
        <a class="button" href="/">
          All rooms
        </a>
      )}
    </main>
  )
}
