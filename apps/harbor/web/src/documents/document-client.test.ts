import fc from 'fast-check'
import { type TextOp, type as text } from 'ot-text-unicode'
import { expect, test } from 'vitest'
import { DocumentClient, type Placed, type Submission } from './document-client.ts'
import { changeBetween } from './text-change.ts'

/** Places operations as harbor does: after whatever came first, and once for each client id. */
function server() {
  const log: Placed[] = []
  let content = ''
  return {
    log,
    content: () => content,
    submit({ version, op, client_id }: Submission): number {
      const known = log.find((each) => each.client_id === client_id)
      if (known) return known.version
      const placed = log.slice(version).reduce<TextOp>((mine, earlier) => text.transform(mine, earlier.op, 'right'), op)
      content = text.apply(content, placed)
      log.push({ version: log.length + 1, op: placed, client_id })
      return log.length
    },
  }
}

let ids = 0
const client = () => new DocumentClient({ version: 0, content: '' }, () => `c${++ids}`)

const pieces = fc.string({ unit: fc.constantFrom('x', 'y', ' ', '🚢', 'é'), maxLength: 4 })
const step = fc.record({
  who: fc.nat(),
  what: fc.constantFrom('write', 'send', 'lose the answer', 'hear'),
  at: fc.nat(20),
  remove: fc.nat(3),
  insert: pieces,
})

test.each([
  [3, 60, 100],
  [50, 400, 20],
])('%i who write, send, lose answers and hear late end with one text', (count, maxLength, numRuns) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength, size: 'max' }), (steps) => {
      const harbor = server()
      const clients = Array.from({ length: count }, client)
      const send = (who: DocumentClient, answered: boolean) => {
        const submission = who.submission({ again: true })
        if (submission === undefined) return
        const version = harbor.submit(submission)
        if (answered) who.acknowledge(version, submission.client_id)
      }
      for (const { who, what, at, remove, insert } of steps) {
        const writer = clients[who % count] as DocumentClient
        if (what === 'write') {
          const characters = [...writer.content]
          const place = Math.min(at, characters.length)
          characters.splice(place, remove, insert)
          const change = changeBetween(writer.content, characters.join(''))
          if (change.length > 0) writer.edit(change)
        } else if (what === 'hear') for (const placed of harbor.log.slice(writer.version)) writer.receive(placed)
        else send(writer, what === 'send')
      }
      for (let round = 0; round < 3; round++) {
        for (const each of clients) {
          send(each, true)
          for (const placed of harbor.log) each.receive(placed)
        }
      }
      for (const each of clients) {
        expect(each.content).toBe(harbor.content())
        expect(each.isSaved).toBe(true)
      }
    }),
    { numRuns },
  )
})

test('what is written in a long time offline waits as one operation of less than 50 KB', () => {
  const writer = new DocumentClient({ version: 1, content: 'lorem ipsum '.repeat(8_500) }, () => 'c')
  for (let n = 0; n < 1_000; n++) {
    const at = ((n * 7_919) % 90_000) + 1
    writer.edit(n % 4 === 3 ? [at, { d: 2 }] : [at, 'abc☂'])
  }
  expect(new TextEncoder().encode(JSON.stringify(writer.state.waiting)).length).toBeLessThan(50_000)
  expect(JSON.stringify(writer.submission()?.op).length).toBeGreaterThan(1_000)
  expect(writer.state.waiting).toBeUndefined()
})

test('what is written offline goes out as one operation', () => {
  const writer = client()
  for (const letter of 'harbour') writer.edit([writer.content.length, letter].filter((part) => part !== 0))
  expect(writer.submission()?.op).toEqual(['harbour'])
  expect(writer.submission()).toBeUndefined()
})

test('an operation that comes before the one it follows is kept back', () => {
  const writer = client()
  expect(writer.receive({ version: 2, op: [1, 'b'], client_id: null })).toEqual([])
  expect(writer.hasGap).toBe(true)
  expect(writer.receive({ version: 1, op: ['a'], client_id: null })).toHaveLength(2)
  expect([writer.content, writer.hasGap]).toEqual(['ab', false])
})

test('another page goes on with what this one kept', () => {
  const harbor = server()
  const writer = client()
  writer.edit(['one'])
  writer.submission()
  writer.edit([3, ' two'])
  const next = new DocumentClient(structuredClone(writer.state), () => 'next')
  const again = next.submission({ again: true })
  next.acknowledge(harbor.submit(again as Submission), again?.client_id ?? '')
  harbor.submit(next.submission() as Submission)
  expect(harbor.content()).toBe('one two')
})
