import { describe, expect, it } from 'vitest'
import { parsePs, psCpuBetween, treeOf } from './ps.ts'

describe('parsePs', () => {
  it("reads macOS's times and procps's", () => {
    const text =
      '    1     0   0:12.34  12000\n  501     1 103:04.50   2048\n  502   501 01:02:03   1\n  503 502 2-00:00:01 0\n'
    expect(parsePs(text)).toEqual([
      { pid: 1, parent: 0, cpu: 12.34, memory: 12_288_000 },
      { pid: 501, parent: 1, cpu: 103 * 60 + 4.5, memory: 2_097_152 },
      { pid: 502, parent: 501, cpu: 3723, memory: 1024 },
      { pid: 503, parent: 502, cpu: 2 * 86_400 + 1, memory: 0 },
    ])
  })
})

describe('treeOf', () => {
  const rows = parsePs('10 1 0:01.00 1\n5 20 0:02.00 1\n20 10 0:03.00 1\n30 1 0:04.00 1\n')

  it('follows children that stand before their parents', () => {
    expect(
      treeOf(rows, 10)
        .map(({ pid }) => pid)
        .sort((a, b) => a - b),
    ).toEqual([5, 10, 20])
  })

  it('is empty when the root has ended', () => {
    expect(treeOf(rows, 99)).toEqual([])
  })
})

describe('psCpuBetween', () => {
  it('counts growth and newcomers, and never a process that ended', () => {
    const before = parsePs('10 1 0:01.00 1\n11 10 0:09.00 1\n')
    const after = parsePs('10 1 0:01.50 1\n12 10 0:00.25 1\n')
    expect(psCpuBetween(before, after)).toBeCloseTo(0.75)
  })
})
