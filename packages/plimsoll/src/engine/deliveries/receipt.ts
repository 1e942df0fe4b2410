/** What one message says to the account of whoever gets it. */
export interface Receipt {
  readonly delivery: string
  readonly room: string
  readonly key: string
  readonly seq: number | undefined
}
