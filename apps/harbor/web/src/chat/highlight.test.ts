import { expect, test } from 'vitest'
import { readHighlight } from './highlight.ts'

test('what was found and what stands around it', () => {
  expect(readHighlight('the <mark>tide</mark> is &lt;b&gt;high&lt;/b&gt; &amp;amp;')).toEqual([
    { text: 'the ', found: false },
    { text: 'tide', found: true },
    { text: ' is <b>high</b> &amp;', found: false },
  ])
})

test('markup of any other kind stays text', () => {
  expect(readHighlight('<img src=x onerror=alert(1)>')).toEqual([
    { text: '<img src=x onerror=alert(1)>', found: false },
  ])
})

test('a file that was sent is its name', () => {
  const file = '![low <mark>tide</mark>.png](/api/files/0b1e6f5a &quot;640x480 <mark>1</mark>-2&quot;)'
  expect(readHighlight(`see ${file}!`)).toEqual([
    { text: 'see low ', found: false },
    { text: 'tide', found: true },
    { text: '.png!', found: false },
  ])
})
