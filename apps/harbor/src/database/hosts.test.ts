import { expect, it } from 'vitest'
import { urlsOf } from './hosts.ts'

it.each([
  [
    'one host',
    'postgres://u:p@a:5432/harbor?sslmode=verify-full',
    ['postgres://u:p@a:5432/harbor?sslmode=verify-full'],
  ],
  [
    'several, each with its port or none',
    'postgresql://u:p%2C@a:5432,b,[::1]:5433/harbor?x=1,2#y',
    [
      'postgresql://u:p%2C@a:5432/harbor?x=1,2#y',
      'postgresql://u:p%2C@b/harbor?x=1,2#y',
      'postgresql://u:p%2C@[::1]:5433/harbor?x=1,2#y',
    ],
  ],
  ['without a user, and commas elsewhere', 'postgres://a,b/x,y', ['postgres://a/x,y', 'postgres://b/x,y']],
  ['a comma in the password only', 'postgres://u:p,q@a/x', ['postgres://u:p,q@a/x']],
])('%s', (_, url, urls) => {
  expect(urlsOf(url)).toEqual(urls)
})
