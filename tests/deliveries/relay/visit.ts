import type { Link, Member } from './member.ts'
import type { Post, Relay } from './relay.ts'

interface Resume {
  readonly after: number
  /** What was missed comes before the answer, as an event of its own, instead of in it. */
  readonly apart?: boolean
}

/** One connection, whatever it speaks: from being let in to its end. */
export class Visit {
  readonly #relay: Relay
  readonly #member: Member
  readonly #link: Link
  /** Leaves the turnstile: it came back and has not resumed yet, or it may publish and has not yet. */
  #leave: (() => void) | undefined

  constructor(relay: Relay, id: number, link: Link, leave: (() => void) | undefined) {
    this.#relay = relay
    this.#member = relay.member(id)
    this.#link = link
    this.#leave = leave
    if (leave === undefined) this.#member.link = link
  }

  /** Answers one of its requests, in the same turn: what is written later must arrive later. */
  ask(what: string, payload: unknown, answer: (answer: object) => void): void {
    const relay = this.#relay
    switch (what) {
      case 'join':
        answer(relay.join(this.#member, (payload as Post).room))
        return
      case 'leave':
        answer(relay.leave(this.#member, (payload as Post).room))
        return
      case 'permit':
        void relay.permit().then((leave) => {
          this.#leave = leave
          answer({ ok: true })
        })
        return
      case 'publish':
        answer(relay.publish(this.#member, payload as Post))
        this.#pass()
        return
      case 'resume':
        answer(this.#resume(payload as Resume))
    }
  }

  ended(): void {
    this.#pass()
    if (this.#member.link === this.#link) this.#member.link = undefined
  }

  #resume({ after, apart }: Resume): object {
    const { missed, ...answer } = this.#relay.resume(this.#member, this.#link, after)
    this.#pass()
    if (apart !== true) return { ...answer, missed }
    this.#link.push('missed', { messages: missed })
    return answer
  }

  #pass(): void {
    this.#leave?.()
    this.#leave = undefined
  }
}

/** Lets a connection in: at once the first time, later when no message is on its way to the relay. */
export const letIn = (relay: Relay, id: number): Promise<() => void> | undefined =>
  relay.knows(id) ? relay.turnstile.pass('returning') : undefined
