import { useRef } from 'preact/hooks'
import { socket } from '../net/socket.ts'
import { VirtualList } from '../parts/virtual-list.tsx'
import { loadUsers, names } from '../rooms/people.ts'
import { useValue } from '../state/value.ts'
import { drafts } from './mailbox.ts'
import type { Message } from './message.ts'
import { DraftRow, MessageRow } from './message-row.tsx'
import type { OpenRoom } from './open-room.ts'

interface Props {
  readonly room: OpenRoom
  readonly ownId: string
  readonly target: { readonly index: number } | undefined
}

/** The height of a one-line message, in pixels. */
const usual = 42

export function MessageList({ room, ownId, target }: Props) {
  const version = useValue(room.version)
  const known = useValue(names)
  const waiting = useValue(drafts).filter(({ room_id }) => room_id === room.id)
  const connected = useValue(socket.state) === 'connected'
  const asked = useRef(false)
  const lastWritten = waiting.at(-1)?.client_id
  const { timeline } = room

  function nameOf({ sender_id }: Message): string {
    const name = known.get(sender_id)
    if (name === undefined && !asked.current) {
      asked.current = true
      loadUsers().catch(() => undefined)
    }
    return name ?? 'Someone'
  }

  function row(index: number) {
    const seq = index + 1
    if (seq > timeline.lastSeq) {
      const draft = waiting[index - timeline.lastSeq]
      if (draft === undefined) return null
      const before = index === timeline.lastSeq ? timeline.at(timeline.lastSeq) : undefined
      const isLast = draft === waiting.at(-1)
      const follows = index > timeline.lastSeq ? { ...draft, sender_id: ownId, id: '', seq: 0 } : before
      return (
        <DraftRow
          key={draft.client_id}
          draft={draft}
          ownId={ownId}
          before={follows}
          waitsFor={isLast && !connected ? 'Waits for the connection' : ''}
        />
      )
    }
    const message = timeline.at(seq)
    if (message === undefined) {
      return timeline.isVoid(seq) ? (
        <li key={seq} class="void" />
      ) : (
        <li key={seq} class="message blank" aria-busy="true" />
      )
    }
    return (
      <MessageRow
        // What was a draft stays the same element when it is acknowledged.
        key={message.sender_id === ownId ? (message.client_id ?? seq) : seq}
        message={message}
        before={timeline.at(seq - 1)}
        name={nameOf(message)}
        own={message.sender_id === ownId}
        marked={target?.index === index}
      />
    )
  }

  return (
    <VirtualList
      label="Messages"
      count={timeline.lastSeq + waiting.length}
      estimate={usual}
      version={version}
      row={row}
      onShow={({ first, last }) => room.show({ from: first + 1, to: last + 1 })}
      target={target}
      follow={lastWritten}
    />
  )
}
