import { expect, it } from 'vitest'
import { hidePasswords } from './passwords.ts'

it.each([
  ["redis: 'redis://:hunter2@h:6379', x: 1", "redis: 'redis://:…@h:6379', x: 1"],
  ['postgres://me:hunter:2@h/d redis://me:2@h', 'postgres://me:…@h/d redis://me:…@h'],
  ['http://h:3000/a@b', 'http://h:3000/a@b'],
  ["at('http://h:3000'), '@x'", "at('http://h:3000'), '@x'"],
])('%s', (text, hidden) => {
  expect(hidePasswords(text)).toBe(hidden)
})
