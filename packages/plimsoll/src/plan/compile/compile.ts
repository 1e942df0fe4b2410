import { PlimsollError } from '../../base/errors.ts'
import type { Millis } from '../../base/units.ts'
import type { CompiledPlan, CompiledProfile } from '../compiled.ts'
import { formatProblem, type Problem } from '../problem.ts'
import { scaleProfile } from '../scale.ts'
import { compilePlan } from './compile-plan.ts'
import { didYouMean } from './suggest.ts'

interface ProfileChoice {
  /** `smoke`, or else the plan's first, when not given. */
  readonly profile?: string | undefined
  readonly scale?: number | undefined
  readonly duration?: Millis | undefined
}

export interface CompileOptions extends ProfileChoice {
  /** Replaces the plan's URL. */
  readonly url?: string | undefined
}

export interface CompiledRun {
  readonly plan: CompiledPlan
  /** The chosen profile, scaled. */
  readonly profile: CompiledProfile
}

/**
 * The plan and the profile to run, ready for the engine. Depends on nothing but its arguments and the plan, so that
 * every worker that compiles for itself gets the same.
 * @throws {PlimsollError} PLAN_INVALID with every problem; USAGE for a profile, scale or duration that cannot be
 */
export function compile(definition: unknown, { url, ...choice }: CompileOptions = {}): CompiledRun {
  const result = compilePlan(definition, url === undefined ? {} : { url })
  if ('problems' in result) throw invalidPlan(result.problems)
  return { plan: result.plan, profile: scaledProfile(result.plan, choice) }
}

/**
 * One profile of a plan, scaled as the command asks.
 * @throws {PlimsollError} USAGE for a profile, scale or duration that cannot be
 */
export function scaledProfile(plan: CompiledPlan, { profile, scale = 1, duration }: ProfileChoice): CompiledProfile {
  const chosen = chooseProfile(plan, profile)
  checkScaling(scale, duration)
  return scale === 1 && duration === undefined ? chosen : scaleProfile(chosen, scale, duration)
}

/** All problems as one error. */
export function invalidPlan(problems: readonly Problem[]): PlimsollError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new PlimsollError('PLAN_INVALID', `the plan has ${count}`, { details: problems.map(formatProblem) })
}

function chooseProfile(plan: CompiledPlan, name: string | undefined): CompiledProfile {
  const names = Object.keys(plan.profiles)
  const chosen = name ?? (names.includes('smoke') ? 'smoke' : (names[0] ?? ''))
  const profile = Object.hasOwn(plan.profiles, chosen) ? plan.profiles[chosen] : undefined
  if (profile !== undefined) return profile
  throw new PlimsollError('USAGE', `the plan has no profile '${chosen}'`, {
    hint: didYouMean(chosen, names) ?? `its profiles: ${names.join(', ')}`,
  })
}

function checkScaling(scale: number, duration: Millis | undefined): void {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new PlimsollError('USAGE', `--scale ${scale} is not a number above 0`, { hint: 'a tenth is --scale 0.1' })
  }
  if (duration !== undefined && !(duration > 0 && Number.isFinite(duration))) {
    throw new PlimsollError('USAGE', `--duration ${duration} is not a time above 0`, { hint: 'write --duration 30s' })
  }
}
