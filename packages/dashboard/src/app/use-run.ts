import { useEffect, useState } from 'preact/hooks'
import { RunFold } from '../../../plimsoll/src/record/fold.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import type { Source } from '../source/source.ts'

/** The run as far as the source has told of it; undefined before its first event. */
export function useRun(source: Source): RunRecord | undefined {
  const [record, setRecord] = useState<RunRecord | undefined>(undefined)
  useEffect(() => {
    const folded = new RunFold()
    return source.subscribe((events) => {
      for (const event of events) folded.apply(event)
      if (events.length > 0) setRecord({ ...folded.record, ...roomsOf(source) })
    })
  }, [source])
  return record
}

const roomsOf = ({ deliveries }: Source): Partial<RunRecord> => (deliveries === undefined ? {} : { deliveries })
