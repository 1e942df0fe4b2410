import { createRandom } from '../../plan/random.ts'
import type { PreparedJourney } from '../vu/prepared-journey.ts'

/** Draws journeys in proportion to their weights, the same sequence for the same seed and stream. */
export function chooseByWeight(
  journeys: readonly PreparedJourney[],
  seed: number,
  stream: string,
): () => PreparedJourney {
  const [only] = journeys
  if (only === undefined) throw new RangeError('a shape needs at least one journey')
  if (journeys.length === 1) return () => only
  const random = createRandom(seed, 'journeys', stream)
  const total = journeys.reduce((sum, { spec }) => sum + spec.weight, 0)
  return () => {
    let left = random() * total
    for (const journey of journeys) {
      left -= journey.spec.weight
      if (left < 0) return journey
    }
    return only
  }
}
