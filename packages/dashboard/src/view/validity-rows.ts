import type { ValidityFlag, Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'

export interface ValidityRow {
  readonly id: ValidityFlag['id']
  readonly name: string
  readonly state: 'ok' | 'suspect' | 'invalid' | 'not run'
  readonly flag: ValidityFlag | undefined
}

const names: Readonly<Record<ValidityFlag['id'], string>> = {
  V1: 'Starts on time',
  V2: 'Event loop free',
  V3: 'Machine quiet',
  V4: 'Enough samples',
  V5: 'Counts agree with times',
  V6: 'Steady state reached',
  V7: 'Self-calibration',
  V8: 'Room to spare: connections, ports, clock',
  V9: 'Received messages read at once',
  conservation: 'Every start accounted for',
  workers: 'All workers heard',
}

/** Every rule by which a run doubts itself, in order, with the worst that was found for it. */
export function validityRows(record: RunRecord, verdict: Verdict | undefined): ValidityRow[] {
  return (Object.keys(names) as ValidityFlag['id'][]).map((id) => {
    const flags = verdict?.validity.flags.filter((flag) => flag.id === id) ?? []
    const flag = flags.find((one) => one.severity === 'invalid') ?? flags[0]
    const wasRun =
      verdict !== undefined && record.timeline.length > 0 && (id !== 'V7' || record.calibration !== undefined)
    return { id, name: names[id], flag, state: flag?.severity ?? (wasRun ? 'ok' : 'not run') }
  })
}
