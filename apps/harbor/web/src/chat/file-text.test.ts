import { expect, test } from 'vitest'
import { fileText, readContent, spoken } from './file-text.ts'

const id = '0b1e6f5a-8f4e-4a51-9d5e-2d3c1f0a9b8c'

test('what is written of a file is read again', () => {
  for (const file of [
    { id, name: 'chart.txt', size: 26_214_400 },
    { id, name: 'chart.txt' },
    { id, name: 'quay.png', width: 640, height: 480 },
    { id, name: 'quay.png', width: 4000, height: 3000, thumbnail: id.replace('0', '1') },
  ]) {
    expect(readContent(fileText(file))).toEqual([{ file }])
  }
})

test('brackets in names end no name', () => {
  expect(readContent(fileText({ id, name: 'chart [1].txt', size: 1 }))).toEqual([
    { file: { id, name: 'chart  1 .txt', size: 1 } },
  ])
})

test('files and links stand among the words', () => {
  expect(
    readContent(`see ![a](/api/files/${id} "10x20"), https://example.org/x?y=1. Or ![b](/api/files/${id})!`),
  ).toEqual([
    { text: 'see ' },
    { file: { id, name: 'a', width: 10, height: 20 } },
    { text: ', ' },
    { link: 'https://example.org/x?y=1' },
    { text: '. Or !' },
    { file: { id, name: 'b' } },
    { text: '!' },
  ])
})

test('only files of harbor, and no other address, become images', () => {
  for (const text of [
    '![x](https://elsewhere.example/a.png "10x10")',
    '![x](/api/files/../auth/logout "10x10")',
    `![x](/api/files/${id}?a=b "10x10")`,
    `![x](javascript:alert(1) "10x10")`,
    `![x](/api/files/${id} "10x10" onload="alert(1)")`,
  ]) {
    expect(readContent(text).some((piece) => 'file' in piece)).toBe(false)
  }
  expect(readContent(`![x](/api/files/${id} "0x10")`).some((piece) => 'file' in piece && piece.file.width)).toBe(false)
})

test('a screen reader hears names, not addresses', () => {
  expect(spoken(`look: ![quay.png](/api/files/${id} "640x480")`)).toBe('look: quay.png')
})
