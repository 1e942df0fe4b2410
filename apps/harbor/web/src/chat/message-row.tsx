import { hueOf, initials } from '../parts/avatar.ts'
import { Content } from './content.tsx'
import { outbox } from './mailbox.ts'
import type { Message } from './message.ts'
import type { Draft } from './outbox.ts'

interface Props {
  readonly message: Message
  readonly before: Message | undefined
  readonly name: string
  readonly own: boolean
  readonly marked: boolean
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
/** In milliseconds: what one person writes within it stands together. */
const together = 5 * 60_000

const dayOf = (instant: string) => new Date(instant).toDateString()

export function isContinued(message: Pick<Message, 'sender_id' | 'created_at'>, before: Message | undefined): boolean {
  if (before?.sender_id !== message.sender_id || dayOf(before.created_at) !== dayOf(message.created_at)) return false
  return Date.parse(message.created_at) - Date.parse(before.created_at) < together
}

export function MessageRow({ message, before, name, own, marked }: Props) {
  const { created_at, content, sender_id } = message
  const continued = isContinued(message, before)
  const isNewDay = before === undefined || dayOf(before.created_at) !== dayOf(created_at)
  const classes = `message${own ? ' own' : ''}${continued ? '' : ' head'}${marked ? ' marked' : ''}`
  return (
    <li
      class={classes}
      style={{ '--hue': String(hueOf(sender_id)) }}
      {...(!continued && !own && { 'data-initials': initials(name) })}
    >
      {isNewDay && <h3 class="day">{day.format(new Date(created_at))}</h3>}
      {!continued && (
        <div class="who">
          <b>{own ? 'You' : name}</b> <time dateTime={created_at}>{clock.format(new Date(created_at))}</time>
        </div>
      )}
      <Content text={content} />
    </li>
  )
}

interface DraftProps {
  readonly draft: Draft
  readonly before: Message | undefined
  readonly ownId: string
  /** What it waits for; empty while that is nothing worth saying. */
  readonly waitsFor: string
}

/** What was written and is not acknowledged: looks as it will, and says what it waits for. */
export function DraftRow({ draft, before, ownId, waitsFor }: DraftProps) {
  const { client_id, content, created_at, refusal } = draft
  const continued = isContinued({ sender_id: ownId, created_at }, before)
  return (
    <li class={`message own draft${continued ? '' : ' head'}${refusal === undefined ? '' : ' refused'}`}>
      {!continued && (
        <div class="who">
          <b>You</b> <time dateTime={created_at}>{clock.format(new Date(created_at))}</time>
        </div>
      )}
      <Content text={content} />
      {refusal !== undefined ? (
        <div class="state" role="alert">
          {refusal}{' '}
          <button type="button" class="link" onClick={() => void outbox.retry(client_id)}>
            Try again
          </button>{' '}
          <button type="button" class="link" onClick={() => outbox.settle(client_id)}>
            Discard
          </button>
        </div>
      ) : (
        waitsFor && <div class="state">{waitsFor}</div>
      )}
    </li>
  )
}
