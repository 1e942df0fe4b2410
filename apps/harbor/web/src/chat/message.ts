/** The longest text that harbor takes, in UTF-16 code units. */
export const mostLength = 32_768

/** A message as harbor tells it. */
export interface Message {
  readonly id: string
  readonly room_id: string
  /** Counts 1, 2, 3 … in its room. */
  readonly seq: number
  readonly sender_id: string
  readonly content: string
  readonly client_id: string | null
  readonly created_at: string
}
