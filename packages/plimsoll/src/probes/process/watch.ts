/** Looks at a tree of processes once per call; undefined once all of it has ended. */
export interface ProcessWatch {
  sample(): Promise<Record<string, number> | undefined>
}
