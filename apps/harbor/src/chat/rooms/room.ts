/** `direct` is the one of two users; nobody else can join it. */
export type Kind = 'room' | 'group' | 'direct'

export interface RoomRow {
  readonly id: string
  readonly number: string
  readonly kind: Kind
  readonly name: string
  readonly created_by: string
  readonly last_seq: string
  readonly created_at: Date
}

export const columns = 'r.id, r.number, r.kind, r.name, r.created_by, r.last_seq, r.created_at'

/** As clients see it. */
export const told = (row: RoomRow) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
})
