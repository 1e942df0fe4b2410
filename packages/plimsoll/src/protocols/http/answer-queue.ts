import type { ReceivedAnswer } from './answer.ts'
import type { Hop } from './hop.ts'
import { deliver } from './intake.ts'

/**
 * Answers that have been read and of which nobody has been told. They are told of once this turn of the event loop has
 * read all that has come: what a journey does with its answer would else make the next answer look later than it came,
 * by milliseconds when a thousand come at once.
 */
export class AnswerQueue {
  #hops: Hop[] = []
  #answers: ReceivedAnswer[] = []
  #toldHops: Hop[] = []
  #toldAnswers: ReceivedAnswer[] = []

  add(hop: Hop, answer: ReceivedAnswer): void {
    this.#answers.push(answer)
    if (this.#hops.push(hop) === 1) setImmediate(this.#tell)
  }

  readonly #tell = (): void => {
    const hops = this.#hops
    const answers = this.#answers
    this.#hops = this.#toldHops
    this.#answers = this.#toldAnswers
    for (let i = 0; i < hops.length; i++) deliver(hops[i]!, answers[i]!)
    hops.length = 0
    answers.length = 0
    this.#toldHops = hops
    this.#toldAnswers = answers
  }
}
