import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder } from '../../record/testing.ts'
import { buildModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
import { chatRun } from '../testing-chat.ts'
import { renderResult } from './result.ts'

const schema = JSON.parse(readFileSync(new URL('result.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  formats: { 'date-time': true },
}).compile(schema)

function resultText(builder: RunBuilder): string {
  const record = fold(builder.events)
  return renderResult(buildModel(record, judge(record)))
}

describe('result.schema.json', () => {
  it.each([
    ['a healthy run', archiveOriginRun()],
    ['a run in trouble', archiveOriginRun({ trouble: 1 })],
    ['a run with deliveries', chatRun({ trouble: 1 })],
    ['a killed run', archiveOriginRun({ killed: true })],
    ['a run of nothing', new RunBuilder().end({ kind: 'system died', message: 'gone' })],
    ['a warm-up without end', new RunBuilder().interval({ phase: 'warm-up', series: [{ values: [1] }] })],
  ])('describes %s', (_, builder) => {
    validate(JSON.parse(resultText(builder)))
    expect(validate.errors).toBeNull()
  })

  it('names deliveries as the plan does, and the rooms with the most trouble first', () => {
    const result = JSON.parse(resultText(chatRun({ trouble: 1 })))
    const [message] = result.deliveries
    expect(message).toMatchObject({ event: 'message', published: 500, expected: 20_000, out_of_order: 25, foreign: 4 })
    expect(message.received + message.lost).toBe(message.expected)
    expect(message.rooms).toHaveLength(5)
    expect(message.rooms[0]).toMatchObject({ room: 'room-2', event: 'message', duplicated: 50 })
    expect(message.p95).toBeGreaterThan(message.p50)
    expect(result.connections.map(({ protocol }: { protocol: string }) => protocol)).toEqual(['socketio', 'ws'])
    expect(result.messages[0]).toMatchObject({ name: 'message', direction: 'in' })
  })

  it('tells how long what succeeded took, where some failed', () => {
    const run = new RunBuilder().interval({
      series: [
        { values: [10, 20, 30, 900], failed: 1 },
        { metric: 'http.failed_time', values: [900], failed: 1 },
      ],
    })
    const [all] = JSON.parse(resultText(run.end())).metrics
    expect(all.p99).toBe(900)
    expect(all.rough).toEqual(['p50', 'p90', 'p95', 'p99', 'p999'])
    expect(all.succeeded).toMatchObject({ count: 3, atLeast: [] })
    expect(Math.abs(all.succeeded.p99 - 30)).toBeLessThan(0.05)
    expect(Math.abs(all.succeeded.p50 - 20)).toBeLessThan(0.05)
  })

  it('refuses zero for no data, and what lacks a field', () => {
    const result = JSON.parse(resultText(archiveOriginRun()))
    result.metrics[0].p99 = undefined
    result.thresholds[0].verdict = 'passed'
    result.deliveries.push({ event: 'message' })
    delete result.generator
    validate(result)
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('')
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('/thresholds/0/verdict')
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('/deliveries/0')
  })
})
