import type { CompiledPlan } from '../compiled.ts'
import type { PlanDefinition } from '../plan.ts'
import { type Problem, show } from '../problem.ts'
import { compileDeliveries } from './deliveries.ts'
import { compileHttp } from './http.ts'
import { compileJourneys } from './journeys.ts'
import { compileProbes } from './probes.ts'
import { compileProfiles } from './profiles.ts'
import { Reader } from './reader.ts'
import { compileSystem } from './system.ts'
import { compileThresholds } from './thresholds.ts'

export type CompileResult = { readonly plan: CompiledPlan } | { readonly problems: readonly Problem[] }

/**
 * Reads a plan's default export without trusting any of its types (a plan may be plain JavaScript): either the whole
 * plan with all shorthands expanded, or every problem at once.
 * @param url replaces the plan's own
 */
export function compilePlan(definition: unknown, { url }: { readonly url?: string } = {}): CompileResult {
  if (!isDefinition(definition)) return { problems: [wrongExport(definition)] }
  const { options, context } = definition
  const problems: Problem[] = [...context.problems]
  const reader = new Reader(options, '', problems, 'plan({ name, system, journeys, profiles })')
  if (typeof options !== 'object' || options === null) return { problems: [...problems, nothingGiven(options)] }
  const plan = compile(reader, context.file, url)
  const { feeders, secrets } = context
  return problems.length > 0 ? { problems } : { plan: { ...plan, feeders, secrets } }
}

function compile(reader: Reader, planFile: string | undefined, url: string | undefined): CompiledPlan {
  const name = reader.needText('name', 'a name for reports')
  const system = compileSystem(reader.nested('system'), { planFile, env: reader.texts('env'), url })
  const journeys = compileJourneys(reader)
  const probes = compileProbes(reader.nested('probes'), system, planFile)
  const thresholds = compileThresholds(reader.nested('thresholds'), probes.prometheus?.figures)
  const profiles = compileProfiles(reader, journeys, thresholds, probes.prometheus?.figures)
  const plan: CompiledPlan = {
    name,
    system,
    allow: compileAllow(reader),
    http: compileHttp(reader.nested('http'), planFile),
    journeys,
    profiles,
    setup: reader.callback('setup'),
    teardown: reader.callback('teardown'),
    begin: reader.callback('begin'),
    end: reader.callback('end'),
    probes,
    deliveries: compileDeliveries(reader.nested('deliveries')),
    tags: reader.texts('tags'),
    seed: reader.number('seed', 1, { whole: true }),
  }
  reader.finish()
  return plan
}

/** Hosts only: a URL would suggest that its path or scheme counts. */
function compileAllow(reader: Reader): readonly string[] {
  const hosts = reader.list('allow')
  for (const host of hosts) {
    if (!/^(\*\.)?[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host)) {
      reader.note('allow', host, "a host such as 'staging.example.com'")
    }
  }
  return hosts
}

/** Whether a value was made by `plan()`, by this copy of the library or another. */
export function isDefinition(value: unknown): value is PlanDefinition {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'plimsoll.plan'
}

function nothingGiven(options: unknown): Problem {
  return { path: 'plan()', got: show(options), expected: 'plan({ name, system, journeys, profiles })' }
}

/** What is wrong with a default export that is not a plan. */
export function wrongExport(value: unknown): Problem {
  const path = 'export default'
  const expected = "a plan: export default plan({ … }), with plan from 'plimsoll'"
  if (value instanceof Promise) {
    return { path, got: 'a promise', expected, hint: 'await it: export default plan(await …)' }
  }
  if (typeof value === 'function') {
    return { path, got: 'a function', expected, hint: 'export what the function returns, not the function' }
  }
  const looksLikeOptions = typeof value === 'object' && value !== null && 'journeys' in value
  return { path, got: show(value), expected, ...(looksLikeOptions ? { hint: 'wrap it: plan({ … })' } : {}) }
}
