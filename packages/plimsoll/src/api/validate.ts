import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Millis } from '../base/units.ts'
import type { CompiledShape, Stage } from '../plan/compiled.ts'
import { totalDuration } from '../plan/stages.ts'
import { formatDuration } from '../report/format.ts'
import { prepare } from './run/prepare.ts'

/** What a plan would do, in words. */
export interface PlanOutline {
  readonly name: string
  readonly url: string
  readonly journeys: readonly string[]
  readonly profiles: readonly { readonly name: string; readonly load: string; readonly duration: string }[]
  /** In all of the plan's profiles. */
  readonly thresholds: number
}

/** Reads and checks a plan; nothing is started. @throws {PlimsollError} with every problem at once */
export async function validatePlan(path: string): Promise<PlanOutline> {
  const scratch = await mkdtemp(join(tmpdir(), 'plimsoll-'))
  try {
    const { plan } = await prepare({ plan: path }, scratch)
    const profiles = Object.values(plan.profiles)
    return {
      name: plan.name,
      url: plan.system.url,
      journeys: plan.journeys.map(({ name }) => name),
      profiles: profiles.map((profile) => ({
        name: profile.name,
        load: profile.shapes.map(describeShape).join(' + '),
        duration: formatDuration(totalDuration(profile)),
      })),
      thresholds: new Set(
        profiles.flatMap((profile) => profile.thresholds.map((one) => `${one.subject} ${one.metric}`)),
      ).size,
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function describeShape(shape: CompiledShape): string {
  if (shape.model === 'iterations') {
    const each = shape.per === 'user' ? 'each' : 'in all'
    return `${shape.users} users, ${shape.iterations} iterations ${each}`
  }
  const unit = shape.model === 'closed' ? 'users' : 'arrivals/s'
  return shape.stages.map((stage) => describeStage(stage, unit)).join(', ')
}

function describeStage({ kind, from, to, duration }: Stage, unit: string): string {
  const time = formatDuration(duration as Millis)
  return kind === 'hold' ? `${to} ${unit} for ${time}` : `${from} to ${to} ${unit} in ${time}`
}
