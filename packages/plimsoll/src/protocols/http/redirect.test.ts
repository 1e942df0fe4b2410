import { expect, it } from 'vitest'
import { becomesGet, isRedirect } from './redirect.ts'

it.each([301, 302, 303, 307, 308])('%i leads on', (status) => expect(isRedirect(status)).toBe(true))

it.each([200, 300, 304, 305, 306, 309, 404])('%i does not', (status) => expect(isRedirect(status)).toBe(false))

it.each([
  [301, 'POST', true],
  [302, 'POST', true],
  [301, 'PUT', false],
  [302, 'DELETE', false],
  [303, 'POST', true],
  [303, 'PUT', true],
  [303, 'GET', false],
  [303, 'HEAD', false],
  [307, 'POST', false],
  [308, 'POST', false],
] as const)('%i after %s becomes a GET: %s', (status, method, is) => expect(becomesGet(status, method)).toBe(is))
