import type { RunRecord } from '../../record/run-record.ts'
import type { Finding } from '../verdict.ts'
import { findGeneratorLimited } from './generator-limited.ts'
import { findMessagesDuplicated } from './messages-duplicated.ts'
import { findMessagesLost } from './messages-lost.ts'
import { findRoomLeak } from './room-leak.ts'
import { findTooManyEndpoints } from './too-many-endpoints.ts'

const rules: readonly ((record: RunRecord) => Finding | undefined)[] = [
  findGeneratorLimited,
  findRoomLeak,
  findMessagesLost,
  findMessagesDuplicated,
  findTooManyEndpoints,
]

/** Named causes with their evidence, the surest first. */
export const diagnose = (record: RunRecord): Finding[] =>
  rules.flatMap((rule) => rule(record) ?? []).sort((a, b) => b.confidence - a.confidence)
