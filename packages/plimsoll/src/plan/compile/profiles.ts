import { millis, ratio, seconds } from '../../base/units.ts'
import type { CompiledJourney, CompiledProfile, StopCriteria, ThresholdSpec } from '../compiled.ts'
import { hasHold } from '../phase.ts'
import { totalDuration } from '../stages.ts'
import type { Figures } from './figure-limits.ts'
import { compileOutages } from './outages.ts'
import { percent } from './percent.ts'
import { Reader } from './reader.ts'
import { compileShapes } from './shapes.ts'
import { compileThresholds, mergeThresholds } from './thresholds.ts'

const broken: StopCriteria = { errors: ratio(0.1), p95: seconds(10), dropped: ratio(0.1), for: seconds(10) }

export function compileProfiles(
  plan: Reader,
  journeys: readonly CompiledJourney[],
  thresholds: readonly ThresholdSpec[],
  figures: Figures | undefined,
): Readonly<Record<string, CompiledProfile>> {
  const profiles = plan.nested('profiles')
  if (profiles.entries().length === 0) {
    plan.note(
      'profiles',
      undefined,
      'at least one profile',
      "add one: profiles: { smoke: { load: users(1).for('30s') } }",
    )
  }
  return Object.fromEntries(
    profiles.entries().map(([name, value]) => {
      const reader = new Reader(value, profiles.at(name), plan.problems, "a profile: { load: users(100).for('5m') }")
      return [name, compileProfile(reader, name, journeys, thresholds, figures)]
    }),
  )
}

function compileProfile(
  reader: Reader,
  name: string,
  journeys: readonly CompiledJourney[],
  thresholds: readonly ThresholdSpec[],
  figures: Figures | undefined,
): CompiledProfile {
  const shapes = compileShapes(reader, journeys)
  const profile: CompiledProfile = {
    name,
    shapes,
    warmUp: reader.duration('warmUp', millis(0)),
    judge: reader.oneOf('judge', ['steady', 'all'], hasHold(shapes) ? 'steady' : 'all'),
    until: compileUntil(reader),
    outages: compileOutages(reader),
    thresholds: mergeThresholds(thresholds, compileThresholds(reader.nested('thresholds'), figures)),
    tags: reader.texts('tags'),
  }
  const length = totalDuration(profile)
  if (profile.warmUp > 0 && profile.warmUp >= length) {
    reader.note('warmUp', reader.raw('warmUp'), `a time shorter than the load, which lasts ${length / 1000} s`)
  }
  for (const { after } of profile.outages) {
    if (length > 0 && after >= length) {
      reader.note('outages', `after ${after / 1000} s`, `an instant within the load, which lasts ${length / 1000} s`)
    }
  }
  if (profile.judge === 'steady' && shapes.length > 0 && !hasHold(shapes)) {
    reader.note('judge', 'steady', "'all', or a load with a hold", 'a load that only ramps has no steady part')
  }
  reader.finish()
  return profile
}

function compileUntil(reader: Reader): StopCriteria | undefined {
  const value = reader.raw('until')
  if (value === undefined) return undefined
  if (value === 'broken') return broken
  const criteria = reader.nested('until', "'broken', or { errors, p95, dropped, for }")
  const compiled: StopCriteria = {
    errors: percent(criteria, 'errors', ratio(broken.errors)),
    p95: criteria.duration('p95', broken.p95, { positive: true }),
    dropped: percent(criteria, 'dropped', ratio(broken.dropped)),
    for: criteria.duration('for', broken.for),
  }
  criteria.finish()
  return compiled
}
