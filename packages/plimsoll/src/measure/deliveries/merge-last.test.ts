import { describe, expect, it } from 'vitest'
import { LastReceiptMerge } from './merge-last.ts'

describe('the merge of last receipts', () => {
  it('gives the worst of all workers once each has told', () => {
    const merge = new LastReceiptMerge(3)
    expect(merge.add({ messages: ['a', 'b'], micros: [5, 7] })).toEqual([])
    expect(merge.add({ messages: ['b', 'a'], micros: [-1, 9] })).toEqual([])
    expect(merge.add({ messages: ['a'], micros: [2] })).toEqual([9])
    expect(merge.add({ messages: ['b'], micros: [3] })).toEqual([7])
  })

  it('leaves out what nobody received', () => {
    expect(new LastReceiptMerge(1).add({ messages: ['a', 'b'], micros: [-1, 3] })).toEqual([3])
  })
})
