import { expect, it } from 'vitest'
import { readDeflateTerms } from './deflate.ts'
import { acceptOf } from './handshake.ts'

it('makes of a key what RFC 6455 §1.3 says', () => {
  expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

it.each([
  ['permessage-deflate', 32_768, 15],
  ['permessage-deflate; server_no_context_takeover', 0, 15],
  ['permessage-deflate;client_no_context_takeover ; server_max_window_bits=10', 1024, 15],
  ['permessage-deflate; client_max_window_bits="9"; server_max_window_bits=8', 256, 9],
])('%s', (extensions, serverWindow, clientWindowBits) => {
  expect(readDeflateTerms(extensions)).toEqual({ serverWindow, clientWindowBits })
})

it.each([
  'permessage-bzip2',
  'permessage-deflate, permessage-deflate',
  'permessage-deflate; server_max_window_bits',
  'permessage-deflate; client_max_window_bits=16',
  'permessage-deflate; client_max_window_bits=08',
  'permessage-deflate; server_no_context_takeover=1',
  'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
  'permessage-deflate; colour=red',
  'permessage-deflate;',
  '',
])('%j is no answer to the offer', (extensions) => {
  expect(() => readDeflateTerms(extensions)).toThrow('not offered so')
})
