import { describe, expect, it } from 'vitest'
import type { ValidityFlag } from '../verdict.ts'
import { explain } from './explain.ts'

const flag = (id: ValidityFlag['id'], severity: ValidityFlag['severity'] = 'invalid'): ValidityFlag => ({
  id,
  severity,
  reason: '',
  advice: `change what ${id} saw`,
})

describe('what an invalid run means', () => {
  it('is nothing about the system when the generator was held up, and names the cause, not its effects', () => {
    const { meaning, next } = explain([flag('V1'), flag('V2'), flag('V3'), flag('V7')])
    expect(meaning).toContain('nothing about the system, which may be fine')
    expect(next[0]).toBe('change what V3 saw')
    expect(next[1]).toContain('plimsoll doctor')
    expect(next).toHaveLength(2)
  })

  it('does not take for the cause what only makes suspect', () => {
    expect(explain([flag('V1'), flag('V3', 'suspect')]).next[0]).toBe('change what V1 saw')
  })

  it('is about the system when that alone was unsteady', () => {
    const { meaning, next } = explain([flag('V6'), flag('V1', 'suspect')])
    expect(meaning).toContain('The system did not settle')
    expect(next).toEqual(['change what V6 saw'])
  })

  it('is about the counts when they do not add up', () => {
    expect(explain([flag('V1'), flag('conservation')]).next).toEqual(['change what conservation saw'])
  })
})
