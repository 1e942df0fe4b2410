/** Why something did not happen, for people to read. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
