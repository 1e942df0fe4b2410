import type { RunRecord } from '../../record/run-record.ts'
import type { Finding } from '../verdict.ts'
import { findGeneratorLimited } from './generator-limited.ts'
import { findTooManyEndpoints } from './too-many-endpoints.ts'

const rules: readonly ((record: RunRecord) => Finding | undefined)[] = [findGeneratorLimited, findTooManyEndpoints]

/** Named causes with their evidence, the surest first. */
export const diagnose = (record: RunRecord): Finding[] =>
  rules.flatMap((rule) => rule(record) ?? []).sort((a, b) => b.confidence - a.confidence)
