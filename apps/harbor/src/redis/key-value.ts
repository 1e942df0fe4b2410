/** Some of what a key may have until its count ends, taken at once so that not every use asks. */
export interface Share {
  /** How much this is; 1 at least. */
  readonly points: number
  /** All that was taken since the count began, this share included: more than the limit means that there was none left. */
  readonly taken: number
  /** Milliseconds until the count ends. */
  readonly ttl: number
}

/** How much may be taken, of a count that begins with the first share and ends after `ttl`. */
export interface ShareLimit {
  readonly limit: number
  /** The most points of one share. */
  readonly most: number
  readonly ttl: number
}

/** Short-lived facts that the instances share. Times are in milliseconds. */
export interface KeyValue {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttl: number): Promise<void>
  /** False when the key is there already, which is left as it is. */
  setIfAbsent(key: string, value: string, ttl: number): Promise<boolean>
  /** Gets and deletes in one step: of several that ask at once, one gets it. */
  take(key: string): Promise<string | undefined>
  delete(...keys: readonly string[]): Promise<void>
  /** The sum after adding; the time to live begins when the key is made. */
  increment(key: string, by: number, ttl: number): Promise<number>
  /** A twentieth of what is left, or `most` if that is less: the shares end in single points, and never exceed the limit. */
  takeShare(key: string, limit: ShareLimit): Promise<Share>
  /** The time to live, which is that of the whole hash, begins anew. */
  setField(key: string, field: string, value: string, ttl: number): Promise<void>
  deleteField(key: string, field: string): Promise<void>
  /** Empty when there is none. */
  fields(key: string): Promise<Readonly<Record<string, string>>>
}

/** Hints between instances: at most once, and none while Redis is away. What may not be lost is in Postgres. */
export interface PubSub {
  publish(channel: string, message: string): Promise<void>
  /**
   * Resolves when the subscription holds; at once while Redis is away, and then it holds from Redis's return.
   * @returns ends it
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => void>
}
