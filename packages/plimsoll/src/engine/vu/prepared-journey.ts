import type { Recorder, Series } from '../../measure/recorder.ts'
import type { CompiledJourney, CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'

type Tags = Readonly<Record<string, string>> | undefined

/** A journey with all that would otherwise be looked up in every iteration. */
export interface PreparedJourney {
  readonly spec: CompiledJourney
  /** Position in the plan. */
  readonly index: number
  readonly duration: Series
  /** The plan's, the profile's and its own, in rising precedence; undefined when there are none. */
  readonly tags: Tags
}

export const commonTags = (plan: CompiledPlan, profile: CompiledProfile): Tags =>
  someTags({ ...plan.tags, ...profile.tags })

export function prepareJourneys(
  plan: CompiledPlan,
  profile: CompiledProfile,
  recorder: Recorder,
): Map<string, PreparedJourney> {
  return new Map(
    plan.journeys.map((spec, index) => [
      spec.name,
      {
        spec,
        index,
        duration: recorder.series('journey.duration', 'journey', spec.name),
        tags: someTags({ ...plan.tags, ...profile.tags, ...spec.tags }),
      },
    ]),
  )
}

const someTags = (tags: Readonly<Record<string, string>>): Tags => (Object.keys(tags).length > 0 ? tags : undefined)
