import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { judge } from '../../packages/plimsoll/src/judge/judge.ts'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'
import { fold, RunFold } from '../../packages/plimsoll/src/record/fold.ts'
import { renderResult } from '../../packages/plimsoll/src/report/json/result.ts'
import { renderJunit } from '../../packages/plimsoll/src/report/junit/junit.ts'
import { renderMarkdown } from '../../packages/plimsoll/src/report/markdown/markdown.ts'
import { buildModel, type ReportModel } from '../../packages/plimsoll/src/report/model.ts'
import { archiveOriginRun } from '../../packages/plimsoll/src/report/testing.ts'
import { readEvents } from '../../packages/plimsoll/src/store/read-run.ts'
import { RunWriter } from '../../packages/plimsoll/src/store/run-writer.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-report-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function store(events: readonly RunEvent[]): string {
  const writer = RunWriter.create(root, {
    startedAt: new Date(0),
    plan: 'p',
    profile: 'q',
    onTrouble: (error) => {
      throw error
    },
  })
  for (const event of events) writer.append(event)
  writer.close()
  return writer.folder
}

const modelOf = (events: Iterable<RunEvent>): ReportModel => {
  const record = fold(events)
  return buildModel(record, judge(record))
}

const rendered = (model: ReportModel) => [renderResult(model), renderJunit(model), renderMarkdown(model)]

describe('a report made later from the run folder', () => {
  it.each([
    ['a healthy run', archiveOriginRun()],
    ['a run in trouble', archiveOriginRun({ trouble: 1 })],
    ['a killed run', archiveOriginRun({ trouble: 1, killed: true })],
  ])('is the one made at the end of %s', (_, { events }) => {
    const live = new RunFold()
    for (const event of events) {
      live.apply(event)
      // The live view looks at every second.
      void live.record.series.length
    }
    const atTheEnd = buildModel(live.record, judge(live.record))
    const later = modelOf(readEvents(store(events)))
    expect(later).toEqual(atTheEnd)
    expect(rendered(later)).toEqual(rendered(atTheEnd))
  })

  it('is the one of as much of the run as was written, at every event', () => {
    const { events } = archiveOriginRun({ trouble: 1 })
    for (const length of [1, 2, 5, 40, events.length - 1]) {
      const part = events.slice(0, length)
      expect(modelOf(readEvents(store(part)))).toEqual(modelOf(part))
    }
  })
})
