import { PlimsollError } from '../../base/errors.ts'
import { hidePasswords } from '../../base/passwords.ts'
import { allowHost } from '../../engine/allow-host.ts'
import type { LoadSettings } from '../../engine/wire.ts'
import { invalidPlan, scaledProfile } from '../../plan/compile/compile.ts'
import { compilePlan } from '../../plan/compile/compile-plan.ts'
import type { CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'
import { feederCounter } from '../../plan/feeder-cursor.ts'
import { totalDuration } from '../../plan/stages.ts'
import { EVENT_VERSION, type RunStarted } from '../../record/events.ts'
import { libraryEntry } from '../entries.ts'
import { describeMachine } from '../machine.ts'
import { type LoadedPlan, loadPlan } from '../plan-loader/load-plan.ts'
import type { RunOptions } from './options.ts'
import { probeUnits } from './probes.ts'

/** @throws {PlimsollError} HOST_NOT_ALLOWED for a host that is neither loopback nor named in the plan's `allow` */
export function checkTarget(plan: CompiledPlan, url: string): void {
  const { hostname } = new URL(url)
  if (allowHost(plan.allow)(hostname)) return
  throw new PlimsollError('HOST_NOT_ALLOWED', `the plan may not put load on ${hostname}`, {
    hint: `Only loopback is allowed by default. If the host is yours to load, add it to the plan: allow: ['${hostname}'].`,
  })
}

/** @throws {PlimsollError} USAGE when the text is not an http(s) URL */
export function parseTarget(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new PlimsollError('USAGE', `'${text}' is not a URL`, { hint: 'Write it whole: http://127.0.0.1:3000' })
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url.href.replace(/\/$/, '')
  throw new PlimsollError('USAGE', `'${text}' is not an http or https URL`)
}

/** What workers are told. Shared memory is made here: cursors of feeders, counters of shared iterations. */
export function describeLoad(
  plan: CompiledPlan,
  profile: CompiledProfile,
  { bundle, url, options }: { bundle: string; url: string; options: Pick<RunOptions, 'scale' | 'duration'> },
): LoadSettings {
  const shared = profile.shapes.filter((shape) => shape.model === 'iterations' && shape.per === 'shared')
  return {
    bundle,
    profile: profile.name,
    scale: options.scale ?? 1,
    duration: options.duration,
    url,
    seed: plan.seed,
    allow: plan.allow,
    feeders: Object.fromEntries((plan.feeders ?? []).map(({ id }) => [id, sharedCounter()])),
    iterations: Object.fromEntries(shared.map(({ name }) => [name, sharedCounter()])),
  }
}

const sharedCounter = (): SharedArrayBuffer => feederCounter().buffer as SharedArrayBuffer

/** Everything that is known once the plan has been read. */
export interface Prepared {
  readonly loaded: LoadedPlan
  readonly plan: CompiledPlan
  readonly profile: CompiledProfile
  readonly url: string
  readonly load: LoadSettings
  /** A folder that is deleted after the run. */
  readonly scratch: string
}

/**
 * Reads and checks the plan. Nothing has been started or written when this throws.
 * @param scratch where the bundle may be written
 */
export async function prepare(options: RunOptions, scratch: string): Promise<Prepared> {
  const loaded = await loadPlan(options.plan, { libraryUrl: libraryEntry.href, folder: scratch })
  const given = options.url === undefined ? {} : { url: parseTarget(options.url) }
  const result = compilePlan(loaded.definition, given)
  if ('problems' in result) throw invalidPlan(result.problems)
  const { plan } = result
  const profile = scaledProfile(plan, options)
  const { url } = plan.system
  checkTarget(plan, url)
  const load = describeLoad(plan, profile, { bundle: loaded.bundleUrl, url, options })
  return { loaded, plan, profile, url, load, scratch }
}

export function startedEvent(
  { loaded, plan, profile, load }: Prepared,
  { run, startedAt, workers }: { run: string; startedAt: Date; workers: number },
): RunStarted {
  return {
    type: 'run.started',
    version: EVENT_VERSION,
    run,
    startedAt: startedAt.toISOString(),
    plan: {
      name: plan.name,
      file: loaded.file,
      source: hidePasswords(loaded.source),
      profile: profile.name,
      url: load.url,
      seed: load.seed,
      scale: load.scale,
      workers,
      journeys: plan.journeys.map(({ name, weight }) => ({ name, weight })),
      shapes: profile.shapes,
      thresholds: profile.thresholds,
      deliveries: plan.deliveries.map(({ name, grace }) => ({ event: name, grace })),
      probeUnits: probeUnits(plan),
      warmUp: profile.warmUp,
      judge: profile.judge,
      duration: totalDuration(profile),
      tags: { ...plan.tags, ...profile.tags },
    },
    machine: describeMachine(),
  }
}
