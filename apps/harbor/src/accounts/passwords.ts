import { hash, verify } from '@node-rs/argon2'
import type { Gate } from '../resilience/gate.ts'

/** Argon2id with 19 MiB and two passes, as OWASP's Password Storage Cheat Sheet advises; 7 ms of a core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashing takes threads that Postgres's and the file system's work needs too, and 19 MiB each. */
export class Passwords {
  readonly #gate: Gate
  #unknown: Promise<string> | undefined

  /** @param gate that of all sign-ins, which refuses when too many wait */
  constructor(gate: Gate) {
    this.#gate = gate
  }

  hash(password: string): Promise<string> {
    return this.#gate.run(() => hash(password, cost))
  }

  /**
   * With nothing to compare to, it takes as long as otherwise: how long an answer takes does not tell whether there is
   * such a user.
   * @param guard given the comparison to make, when it is this one's turn: decides whether to, and learns the outcome
   * before the next one's turn
   */
  verify(
    password: string,
    known: string | undefined,
    guard: (compare: () => Promise<boolean>) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#gate.run(() =>
      guard(async () => {
        this.#unknown ??= hash('nobody has this password', cost)
        const matches = await verify(known ?? (await this.#unknown), password)
        return matches && known !== undefined
      }),
    )
  }
}
