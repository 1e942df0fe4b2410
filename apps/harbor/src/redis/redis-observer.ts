/** What Redis's commands cost, for whoever wants to know. */
export interface RedisObserver {
  command(milliseconds: number): void
  failure(): void
}
