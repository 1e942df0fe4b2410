import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import { fold } from '../../record/fold.ts'
import { buildModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
import { chatRun } from '../testing-chat.ts'
import { renderMarkdown } from './markdown.ts'
import { code, line } from './syntax.ts'

describe('renderMarkdown', () => {
  it.each([
    ['healthy', archiveOriginRun()],
    ['troubled', archiveOriginRun({ trouble: 1 })],
    ['chat', chatRun({ trouble: 1 })],
  ] as const)('%s', async (name, builder) => {
    const record = fold(builder.events)
    await expect(renderMarkdown(buildModel(record, judge(record)))).toMatchFileSnapshot(`golden/${name}.txt`)
  })
})

describe('what others wrote', () => {
  it('is text and not markup', () => {
    expect(line('<img src=x> [a](b) *c* | @team `d`\n# e')).toBe(
      '\\<img src=x\\> \\[a\\](b) \\*c\\* \\| @\u200bteam \\`d\\` # e',
    )
    expect(line('# heading')).toBe('\\# heading')
    expect(line('1. item')).toBe('\\1. item')
  })

  it('is code that it cannot leave', () => {
    expect(code('GET /a|b')).toBe('`GET /a\\|b`')
    expect(code('a`b``c')).toBe('```a`b``c```')
    expect(code('`x`\n')).toBe('`` `x` ``')
  })
})
