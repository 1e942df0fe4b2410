import { expect, test } from 'vitest'
import { encodingFor } from './accept-encoding.ts'

const both = { br: 1, gzip: 1 }

test('the smallest that the client takes', () => {
  expect(encodingFor('gzip, deflate, br', both)).toBe('br')
  expect(encodingFor('GZIP;q=0.5', both)).toBe('gzip')
  expect(encodingFor(undefined, both)).toBe('identity')
})

test('what the client refuses is not sent, nor what was not made', () => {
  expect(encodingFor('br;q=0, gzip;q=0.001', both)).toBe('gzip')
  expect(encodingFor('br; q=0.000', both)).toBe('identity')
  expect(encodingFor('br, gzip', { br: undefined, gzip: undefined })).toBe('identity')
})
