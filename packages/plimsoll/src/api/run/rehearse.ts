import { millis } from '../../base/units.ts'
import { rehearsalFrame } from '../../engine/coordinator/made-up-frame.ts'
import { mergeFrames } from '../../engine/coordinator/merge-frames.ts'
import { judgeThresholds } from '../../judge/thresholds/judge-thresholds.ts'
import type { HostSampler } from '../../probes/host/host-sampler.ts'
import type { RunStarted } from '../../record/events.ts'
import { RunFold } from '../../record/fold.ts'
import { RunWriter } from '../../store/run-writer.ts'

/** Enough for the compiler to have seen every function that an interval passes through. */
const TIMES = 12

/**
 * Puts made-up intervals through all that happens to an interval: merged, folded, stored, judged. The first real one
 * would otherwise take 50 ms of a core for being the first, right after the load began, when late starts are measured
 * to the microsecond and the core may be the generator's own.
 * @param scratch a folder that is deleted after the run
 */
export function rehearse(started: RunStarted, host: HostSampler, scratch: string): void {
  const fold = new RunFold()
  const writer = RunWriter.create(scratch, {
    startedAt: new Date(),
    plan: 'rehearsal',
    profile: '',
    onTrouble: () => {},
  })
  let seq = 0
  const events = [started, ...Array.from({ length: TIMES }, (_, index) => madeUpInterval(index, host))]
  for (const event of events) {
    fold.apply({ ...event, seq })
    writer.append({ ...event, seq })
    judgeThresholds(fold.record, undefined, { intervals: false })
    seq++
  }
  writer.close()
}

const madeUpInterval = (index: number, host: HostSampler) =>
  mergeFrames([rehearsalFrame(index)], {
    index,
    from: millis(index * 1000),
    phase: () => 'steady',
    host: host.sample(),
    missingWorkers: [],
  })
