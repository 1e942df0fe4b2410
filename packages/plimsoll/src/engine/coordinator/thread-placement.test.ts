import { describe, expect, it } from 'vitest'
import { coresOf } from './thread-placement.ts'

describe('coresOf', () => {
  it.each([
    ['0', [0]],
    ['0-1', [0, 1]],
    ['0-2,5', [0, 1, 2, 5]],
    ['3,8-9', [3, 8, 9]],
  ])('reads %s', (list, cores) => {
    expect(coresOf(list)).toEqual(cores)
  })
})
