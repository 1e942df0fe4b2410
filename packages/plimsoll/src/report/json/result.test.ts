import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder } from '../../record/testing.ts'
import { buildModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
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
    ['a killed run', archiveOriginRun({ killed: true })],
    ['a run of nothing', new RunBuilder().end({ kind: 'system died', message: 'gone' })],
    ['a warm-up without end', new RunBuilder().interval({ phase: 'warm-up', series: [{ values: [1] }] })],
  ])('describes %s', (_, builder) => {
    validate(JSON.parse(resultText(builder)))
    expect(validate.errors).toBeNull()
  })

  it('refuses zero for no data, and what lacks a field', () => {
    const result = JSON.parse(resultText(archiveOriginRun()))
    result.metrics[0].p99 = undefined
    result.thresholds[0].verdict = 'passed'
    delete result.generator
    validate(result)
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('')
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('/thresholds/0/verdict')
  })
})
