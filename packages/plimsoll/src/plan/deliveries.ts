import type { Duration } from './duration.ts'

/** A field of a payload: its path, such as `'room.id'`, or a function that reads it. */
// biome-ignore lint/suspicious/noExplicitAny: payloads are whatever the system under test sends
export type Field = string | ((payload: any) => unknown)

/** An emit whose payload names a room; its acknowledgement may carry the room's sequence number. */
export interface MembershipEvent {
  readonly event: string
  readonly room: Field
  /** Of the acknowledgement: the room's sequence number at that point. */
  readonly seq?: Field
  /** Of the acknowledgement: whether it worked; `ok !== false` when not given. */
  readonly accepted?: Field
}

export interface PublishEvent {
  readonly event: string
  readonly room: Field
  /** Tells the message from all others of its room. */
  readonly key: Field
  /** Of the acknowledgement: the message's sequence number. */
  readonly seq?: Field
  readonly accepted?: Field
}

export interface ReceiveEvent {
  /** An event of the server's; or `'ack NAME'`: what an acknowledgement brings along, such as missed messages. */
  readonly event: string
  /** Where the payload holds several messages: the field that is their array; `''` for the payload itself. */
  readonly each?: Field
  readonly room: Field
  readonly key: Field
  readonly seq?: Field
}

/**
 * Accounts for one kind of message without a line in any journey: sends, memberships and receipts are read off the
 * socket's traffic.
 */
export interface DeliveryOptions {
  readonly join?: MembershipEvent
  readonly leave?: MembershipEvent
  readonly publish: PublishEvent
  readonly receive: ReceiveEvent | readonly ReceiveEvent[]
  /**
   * Rooms that a user is in without joining, from its first attempt to connect: who fails to connect should have got
   * their messages too.
   */
  // biome-ignore lint/suspicious/noExplicitAny: `User` of whatever data the plan has
  readonly rooms?: readonly string[] | ((user: any) => readonly string[])
  /** Whether senders get their own messages; true when not given. */
  readonly toSender?: boolean
  /** See docs/realtime.md; 2 s when not given. */
  readonly grace?: Duration
}
