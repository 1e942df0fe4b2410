import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endpointName } from './endpoint-name.ts'

test.each([
  ['/health', '/health'],
  ['/ledger/entries?after=12&limit=50', '/ledger/entries'],
  ['/rooms/42/messages', '/rooms/:id/messages'],
  ['/rooms/3f2c9a1e-7b64-4c1d-9a53-0d3f6c2b8e11/messages', '/rooms/:id/messages'],
  ['/orders/507f1f77bcf86cd799439011', '/orders/:id'],
  ['/s/V1StGXR8_Z5jdHi6B-myT', '/s/:id'],
  ['/u/01ARZ3NDEKTSV4RRFFQ69G5FAV/posts', '/u/:id/posts'],
  ['/api/v2/users', '/api/v2/users'],
  ['/blog/release-notes-for-2024', '/blog/release-notes-for-2024'],
  ['/deadbeef', '/deadbeef'],
  ['/oauth2/authorize', '/oauth2/authorize'],
  ['http://127.0.0.1:3000/rooms/7#top', '/rooms/:id'],
  ['https://example.com', '/'],
  ['https://example.com?x=/1', '/'],
  ['/redirect?to=https://example.com/9', '/redirect'],
  ['health', '/health'],
  ['', '/'],
  ['/', '/'],
  ['/a//1/', '/a//:id/'],
])('%s is named %s', (url, name) => {
  expect(endpointName('GET', url)).toBe(`GET ${name}`)
})

test('ids of one kind share one name, whatever they are', () => {
  const id = fc.oneof(fc.nat().map(String), fc.uuid(), fc.stringMatching(/^[0-9a-f]{15,40}[0-9]$/))
  fc.assert(
    fc.property(id, (value) => {
      expect(endpointName('PUT', `/things/${value}/parts?page=1`)).toBe('PUT /things/:id/parts')
    }),
  )
})
