import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { familyNames, parseExposition } from './exposition.ts'
import { parseSeries } from './series-line.ts'

const everything = () => true

describe('parseSeries', () => {
  it.each([
    ['up 1', 'up', {}, 1],
    ['up{} 1', 'up', {}, 1],
    ['a:b_c{x="1",y="2"} 1.5e3', 'a:b_c', { x: '1', y: '2' }, 1500],
    ['spaced { x = "1" , y="2", }  -7\t1395066363000', 'spaced', { x: '1', y: '2' }, -7],
    ['odd{path="C:\\\\d\\n\\"e\\"} x{"} +Inf', 'odd', { path: 'C:\\d\n"e"} x{' }, Number.POSITIVE_INFINITY],
    ['bad NaN', 'bad', {}, Number.NaN],
    ['h_bucket{le="0.1"} 8 # {trace_id="a b"} 0.054 1.6', 'h_bucket', { le: '0.1' }, 8],
    ['h_total 8 1520879607.789 # {} 1', 'h_total', {}, 8],
  ])('reads %s', (line, name, labels, value) => {
    const read = parseSeries(line)
    expect(read).toMatchObject({ name, value })
    expect(Object.fromEntries(read?.labels ?? [])).toEqual(labels)
  })

  it.each([
    'up',
    'up one',
    '1up 1',
    'up{x="1" 1',
    'up{x=1} 1',
    'up{x="1"y="2"} 1',
    'up 1 2 3',
    'up{"x"} 1',
    'up 0x1',
    '{} 1',
  ])('does not read %s', (line) => {
    expect(parseSeries(line)).toBeUndefined()
  })

  it('reads what is written, whatever the labels hold', () => {
    const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]\w{0,8}$/), fc.string({ unit: 'grapheme' })),
        fc.double(),
        (labels, value) => {
          const inside = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`)
          const read = parseExposition(`some_metric{${inside.join(',')}} ${value}\n`, everything)
          expect(read.malformed).toBe(0)
          expect(Object.fromEntries(read.series[0]?.labels ?? [])).toEqual({ ...labels })
          expect(read.series[0]?.value).toBe(value === 0 ? Number(String(value)) : value)
        },
      ),
    )
  })
})

describe('parseExposition', () => {
  const page = [
    '# HELP h Times: of {everything}.',
    '# TYPE h histogram',
    'h_bucket{le="1"} 3',
    'h_bucket{le="+Inf"} 4',
    'h_sum 5',
    'h_count 4',
    '',
    '# TYPE hits counter',
    'hits_total{cache="a"} 1',
    'hits_total{cache="b"} what',
    '# TYPE quiet gauge',
    '# EOF',
    '',
  ]

  it.each(['\n', '\r\n'])('reads series, names and types, and counts what it cannot read', (newline) => {
    const read = parseExposition(page.join(newline), everything)
    expect(read.series.map(({ name, labelText, value }) => `${name}${labelText}=${value}`)).toEqual([
      'h_bucket{le="1"}=3',
      'h_bucket{le="+Inf"}=4',
      'h_sum=5',
      'h_count=4',
      'hits_total{cache="a"}=1',
    ])
    expect(read).toMatchObject({ malformed: 1, firstMalformed: 10 })
    expect(familyNames(read)).toEqual(['h', 'hits', 'hits_total', 'quiet'])
  })

  it('looks at nothing but wanted series', () => {
    const read = parseExposition(page.join('\n'), (name) => name === 'h_sum')
    expect(read.series).toHaveLength(1)
    expect(read.malformed).toBe(0)
  })

  it('never throws, and counts each line that is neither blank, nor a comment, nor a series', () => {
    const pieces = fc.constantFrom(
      'a',
      '{',
      '}',
      '"',
      '=',
      ',',
      ' ',
      '\t',
      '1',
      '.5',
      '# ',
      'TYPE x gauge',
      '\\',
      '\n',
      'é',
      'Inf',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (page) => {
        const read = parseExposition(page, everything)
        const lines = page.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
        expect(read.series.length + read.malformed).toBe(lines.length)
      }),
      { numRuns: 1000 },
    )
  })
})
