import { describe, expect, it } from 'vitest'
import { limits, readAll } from './packet-fixture.ts'
import { encodePacket } from './packet-writer.ts'

const read = (message: string, namespace?: string) => readAll([message], namespace).read[0]

describe('the reader of packets in JSON', () => {
  it('reads events, with and without an id, in any namespace', () => {
    expect(read('2["message",{"a":1},"b"]')).toEqual(['event', 'message', [{ a: 1 }, 'b'], -1])
    expect(read('212["message"]')).toEqual(['event', 'message', [], 12])
    expect(read('2/chat,["message",1]', '/chat')).toEqual(['event', 'message', [1], -1])
    expect(read('2/chat,7["message",1]', '/chat')).toEqual(['event', 'message', [1], 7])
    expect(read('2[5,1]')).toEqual(['event', '5', [1], -1])
  })

  it('reads acknowledgements', () => {
    expect(read('312[{"ok":true}]')).toEqual(['ack', 12, [{ ok: true }]])
    expect(read('3/chat,0[]', '/chat')).toEqual(['ack', 0, []])
    expect(read('35')).toEqual(['ack', 5, []])
    expect(read('3[1]')).toEqual(['ack', -1, [1]])
  })

  it('reads what begins and ends a namespace', () => {
    expect(read('0{"sid":"a"}')).toEqual(['joined', { sid: 'a' }])
    expect(read('0/chat,{"sid":"a"}', '/chat')).toEqual(['joined', { sid: 'a' }])
    expect(read('4{"message":"no"}')).toEqual(['refused', { message: 'no' }])
    expect(read('1')).toEqual(['left'])
    expect(read('1/chat,', '/chat')).toEqual(['left'])
  })

  it('puts binary events together, and counts their octets', () => {
    const log = readAll(['51-["file",{"_placeholder":true,"num":0}]', Buffer.from([1, 2, 3]), '2["after"]'])
    expect(log.read).toEqual([
      ['event', 'file', [Buffer.from([1, 2, 3])], -1],
      ['event', 'after', [], -1],
    ])
    expect(log.lengths[0]).toBe('51-["file",{"_placeholder":true,"num":0}]'.length + 3)
    expect(readAll(['61-9[{"_placeholder":true,"num":0}]', Buffer.from([1])]).read).toEqual([
      ['ack', 9, [Buffer.from([1])]],
    ])
  })

  it('keeps attachments when the buffer that they came in is used again', () => {
    const shared = Buffer.from([1])
    const log = readAll(['51-["file",{"_placeholder":true,"num":0}]', shared])
    shared[0] = 9
    expect(log.read[0]).toEqual(['event', 'file', [Buffer.from([1])], -1])
  })

  it('counts what is no packet', () => {
    const malformed = [
      '9["a"]',
      'x',
      '2',
      '2{}',
      '2[',
      '2[]',
      '2[{}]',
      '2["connect"]',
      '2["a"]]',
      '3{}',
      '1{}',
      '0[]',
      '0"a"',
      '5["a"]',
      '5x-["a"]',
      '50-["a"]',
      '5-1-["a"]',
      '2"a"',
      `2${'1'.repeat(400)}`,
    ]
    for (const packet of malformed) expect([packet, read(packet)]).toEqual([packet, ['unreadable', 'MALFORMED_PACKET']])
  })

  it('counts packets for namespaces that were never joined', () => {
    expect(read('2/other,["a"]')).toEqual(['unreadable', 'UNKNOWN_NAMESPACE'])
    expect(read('2["a"]', '/chat')).toEqual(['unreadable', 'UNKNOWN_NAMESPACE'])
    expect(read('2/chatter,["a"]', '/chat')).toEqual(['unreadable', 'UNKNOWN_NAMESPACE'])
    expect(read('0/other,{"sid":"a"}')).toEqual(['unreadable', 'UNKNOWN_NAMESPACE'])
  })

  it('counts attachments that are too many, too large, missing or not announced', () => {
    expect(read('511-["a"]')).toEqual(['unreadable', 'TOO_MANY_ATTACHMENTS'])
    expect(read('5999999999999-["a"]')).toEqual(['unreadable', 'TOO_MANY_ATTACHMENTS'])
    const announced = '52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'
    const large = new Uint8Array(limits.maxMessage / 2)
    expect(readAll([announced, large, large]).read).toEqual([['unreadable', 'MESSAGE_TOO_LARGE']])
    expect(readAll([announced, large, '2["b"]']).read).toEqual([['unreadable', 'MALFORMED_PACKET']])
    expect(readAll([new Uint8Array(1)]).read).toEqual([['unreadable', 'MALFORMED_PACKET']])
    const elsewhere = '51-["a",{"_placeholder":true,"num":3}]'
    expect(readAll([elsewhere, new Uint8Array(1)]).read).toEqual([['unreadable', 'MALFORMED_PACKET']])
  })

  it('reads nesting that is too deep for the parser’s own calls as malformed', () => {
    const deep = `51-["a",${'['.repeat(200_000)}${']'.repeat(200_000)}]`
    expect(readAll([deep, new Uint8Array(1)], '/', 'json', 1e6).read).toEqual([['unreadable', 'MALFORMED_PACKET']])
  })
})

describe('packets that are written', () => {
  it('come back the same, with octets of all kinds as attachments', () => {
    const args = [
      'file',
      { a: [new Uint8Array([1, 2])] },
      new Uint16Array([3]).buffer,
      new DataView(new ArrayBuffer(1)),
    ]
    const pieces = encodePacket({ type: 2, nsp: '/', data: args, id: 3 }, 'json')
    expect(pieces.map((piece) => typeof piece)).toEqual(['string', 'object', 'object', 'object'])
    expect(readAll(pieces).read).toEqual([
      ['event', 'file', [{ a: [Buffer.from([1, 2])] }, Buffer.from([3, 0]), Buffer.from([0])], 3],
    ])
  })

  it('leave the plan’s values as they were', () => {
    const payload = { bytes: new Uint8Array([1]) }
    encodePacket({ type: 2, nsp: '/', data: ['file', payload] }, 'json')
    expect(payload).toEqual({ bytes: new Uint8Array([1]) })
  })

  it('say so when a value cannot be sent', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    for (const value of [circle, 1n, new Blob(['a'])]) {
      expect(() => encodePacket({ type: 2, nsp: '/', data: ['a', value] }, 'json')).toThrow(/cannot be sent/)
    }
  })
})
