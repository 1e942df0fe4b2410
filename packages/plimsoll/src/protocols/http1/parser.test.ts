import { describe, expect, it } from 'vitest'
import { everyOctet, octets, readPieces } from './parser-fixture.ts'

const read = (text: string, options?: Parameters<typeof readPieces>[1]) => readPieces([octets(text)], options)
const ok = 'HTTP/1.1 200 OK\r\n'

describe('a response', () => {
  it('of a known length ends with its last octet and leaves the rest', () => {
    const reading = read(`${ok}Content-Length: 5\r\n\r\nhelloHTTP`)
    expect(reading).toMatchObject({ status: 200, body: 'hello', complete: true, persistent: true, rest: 4 })
  })

  it('without a length lasts until the connection closes', () => {
    expect(read(`${ok}\r\nhello`, { closes: false })).toMatchObject({ body: 'hello', complete: false })
    expect(read(`${ok}\r\nhello`)).toMatchObject({ body: 'hello', complete: true, persistent: false })
  })

  it('cut off by a close is not complete', () => {
    expect(read(`${ok}content-length: 9\r\n\r\nhello`).complete).toBe(false)
    expect(read(`${ok}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`).complete).toBe(false)
    expect(read(ok).complete).toBe(false)
  })

  it.each([204, 304])('with status %i has no body, whatever it announces', (status) => {
    expect(read(`HTTP/1.1 ${status} x\r\ncontent-length: 7\r\n\r\n`)).toMatchObject({
      complete: true,
      persistent: true,
    })
  })

  it('to HEAD has no body', () => {
    expect(read(`${ok}content-length: 7\r\n\r\n`, { bodiless: true })).toMatchObject({ complete: true, body: '' })
    expect(read(`${ok}transfer-encoding: chunked\r\n\r\n`, { bodiless: true }).complete).toBe(true)
  })

  it('may come after interim ones', () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n'
    const reading = read(`HTTP/1.1 100 Continue\r\n\r\n${early}${ok}content-length: 2\r\n\r\nok`)
    expect(reading).toMatchObject({ interim: [100, 103], status: 200, body: 'ok', complete: true })
  })

  it('may lack a reason and the space before it', () => {
    expect(read('HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n')).toMatchObject({ status: 200, complete: true })
    expect(read('HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n').status).toBe(200)
  })

  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\nConnection: foo, Close \r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', false],
  ])('%j keeps its connection: %s', (text, persistent) => {
    expect(read(text)).toMatchObject({ complete: true, persistent })
  })

  it('has its folded lines unfolded, wherever it is cut', () => {
    const text = `${ok}X-Long: one\r\n two\r\n\tthree\r\nContent-Length: 2\r\n\r\nok`
    const unfolded = `${ok}X-Long: one   two  \tthree\r\nContent-Length: 2\r\n\r\n`
    expect(read(text)).toMatchObject({ head: unfolded, body: 'ok', complete: true })
    expect(readPieces(everyOctet(octets(text)))).toMatchObject({ head: unfolded, body: 'ok', complete: true })
  })
})

describe('chunks', () => {
  const chunked = `${ok}Transfer-Encoding: Chunked\r\n\r\n`

  it('become one body; extensions and trailers are dropped', () => {
    const text = `${chunked}5;name="v"\r\nhello\r\n00A\r\n, my world\r\n0\r\nX-Sum: 1\r\n\r\nrest`
    expect(read(text)).toMatchObject({ body: 'hello, my world', complete: true, persistent: true, rest: 4 })
    expect(readPieces(everyOctet(octets(text)))).toMatchObject({ body: 'hello, my world', complete: true, rest: 4 })
  })

  it.each([
    'g\r\n',
    '\r\n',
    '-1\r\n',
    '+1\r\na\r\n',
    '0x1\r\na\r\n',
    ' 1\r\na\r\n',
    '1 \r\na\r\n',
    '1\na\r\n',
    '1\r\nab\r\n',
    '1\r\na\n',
    '1;a\nb\r\n',
    '1;\u0000\r\na\r\n',
    'ffffffffffffff\r\n',
    '0\r\nbad trailer\r\n\r\n',
    '0\r\n x: y\r\n\r\n',
    '0\r\nx: \u0000\r\n\r\n',
    '0\r\n\rX',
    `1;${'e'.repeat(17_000)}\r\na\r\n`,
  ])('like %j are malformed', (body) => {
    expect(read(chunked + body).error).toBe('MALFORMED_CHUNK')
  })

  it('may not hide endless trailers', () => {
    const trailers = 'x-a: b\r\n'.repeat(10_000)
    expect(read(`${chunked}0\r\n${trailers}`, { maxHeaders: 1000 }).error).toBe('HEADERS_TOO_LARGE')
  })
})

describe('what lets two readers disagree is refused', () => {
  it.each([
    ['transfer coding and length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n'],
    ['length and transfer coding', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\n'],
    ['a list of lengths', 'Content-Length: 5, 5\r\n\r\n'],
    ['a signed length', 'Content-Length: +5\r\n\r\n'],
    ['a negative length', 'Content-Length: -5\r\n\r\n'],
    ['a length with a space in it', 'Content-Length: 5 5\r\n\r\n'],
    ['a hexadecimal length', 'Content-Length: 0x5\r\n\r\n'],
    ['an empty length', 'Content-Length: \r\n\r\n'],
    ['a folded length', 'Content-Length: 5\r\n 5\r\n\r\n'],
    ['an enormous length', 'Content-Length: 99999999999999999999\r\n\r\n'],
    ['a coding besides chunked', 'Transfer-Encoding: gzip, chunked\r\n\r\n'],
    ['chunked, but not last', 'Transfer-Encoding: chunked, identity\r\n\r\n'],
    ['chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['chunked, misspelt', 'Transfer-Encoding: xchunked\r\n\r\n'],
    ['identity', 'Transfer-Encoding: identity\r\n\r\n'],
  ])('%s', (_, fields) => {
    expect(read(ok + fields).error).toBe('MALFORMED_LENGTH')
  })

  it('chunks in HTTP/1.0', () => {
    expect(read('HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n').error).toBe('MALFORMED_LENGTH')
  })

  it.each([
    ['a space before the colon', 'Content-Length : 5\r\n\r\n'],
    ['a bare LF', 'X: y\nZ: w\r\n\r\n'],
    ['a bare CR', 'X: y\rZ: w\r\n\r\n'],
    ['a bare LF at the end', 'X: y\r\n\n'],
    ['a bare CR at the end', 'X: y\r\n\rX'],
    ['a NUL in a value', 'X: \u0000\r\n\r\n'],
    ['a NUL in a name', 'X\u0000: y\r\n\r\n'],
    ['a line without a colon', 'garbage\r\n\r\n'],
    ['a line without a name', ': y\r\n\r\n'],
    ['a fold before the first field', ' X: y\r\n\r\n'],
    ['folds without number', `X: y${'\r\n y'.repeat(100)}\r\n\r\n`],
  ])('%s', (_, fields) => {
    expect(read(ok + fields).error).toBe('MALFORMED_HEADER')
    expect(readPieces(everyOctet(octets(ok + fields))).error).toBe('MALFORMED_HEADER')
  })

  it('a length that is merely said twice', () => {
    expect(read(`${ok}Content-Length: 2\r\ncontent-length: 2\r\n\r\nok`)).toMatchObject({
      body: 'ok',
      error: undefined,
    })
  })
})

describe('what is not HTTP/1.1', () => {
  it.each([
    'SSH-2.0-OpenSSH_9.6\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.2 200 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1 20 OKAY\r\n\r\n',
    'HTTP/1.1 099 No\r\n\r\n',
    'HTTP/1.1 200 OK\n\n',
    'HTTP/1.1 200 O\u0000K\r\n\r\n',
    'http/1.1 200 OK\r\n\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
    'ICY 200 OK\r\n\r\n',
  ])('%j is refused', (text) => {
    expect(read(text).error).toBe('MALFORMED_STATUS_LINE')
    expect(readPieces(everyOctet(octets(text))).error).toBe('MALFORMED_STATUS_LINE')
  })

  it('is refused as soon as it shows, not when a line ends', () => {
    expect(read('SSH-2', { closes: false }).error).toBe('MALFORMED_STATUS_LINE')
  })

  it('a switch of protocols that nobody asked for', () => {
    expect(read('HTTP/1.1 101 Switching Protocols\r\n\r\n').error).toBe('UNEXPECTED_DATA')
  })
})

describe('limits', () => {
  it.each([
    ['one endless line', `${ok}x: ${'y'.repeat(5000)}`],
    ['fields without end', ok + 'x: y\r\n'.repeat(1000)],
    ['an endless reason', `HTTP/1.1 200 ${'O'.repeat(5000)}`],
    ['a head that is whole, but too long', `${ok}x: ${'y'.repeat(5000)}\r\n\r\n`],
  ])('%s', (_, text) => {
    expect(read(text, { maxHeaders: 1000 }).error).toBe('HEADERS_TOO_LARGE')
    expect(readPieces(everyOctet(octets(text)), { maxHeaders: 1000 }).error).toBe('HEADERS_TOO_LARGE')
  })

  it('interim responses without end', () => {
    expect(read('HTTP/1.1 103 x\r\n\r\n'.repeat(100)).error).toBe('HEADERS_TOO_LARGE')
  })
})
