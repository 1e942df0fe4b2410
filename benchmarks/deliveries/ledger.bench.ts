/**
 * What one receipt, and one publication, cost the delivery ledger. Run alone:
 * npx esbuild benchmarks/deliveries/ledger.bench.ts --bundle --format=esm --platform=node | node --input-type=module
 */
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { createDeliveryLedger } from '../../packages/plimsoll/src/measure/deliveries/ledger.ts'
import { Recorder } from '../../packages/plimsoll/src/measure/recorder.ts'

const MEMBERS = 1000
const MESSAGES = 2000
/** Receivers that are read in turn before the next message comes: as an event loop under load would read them. */
const BURST = 10

/** Texts as they come from the wire: new strings each time. */
const texts = (n: number): { room: string; key: string } =>
  JSON.parse(`{"room":"conversation-7f3a","key":"0b6f1c52-9d1e-4b7a-8c55-${String(n).padStart(12, '0')}"}`)

function measure(interleaved: number): { received: number; published: number } {
  const ledger = createDeliveryLedger({ worker: 0, workers: 1, recorder: new Recorder() })
  ledger.declare('message', { toSender: true, grace: millis(2000) })
  for (let user = 0; user < MEMBERS; user++) ledger.joined('message', user, 'conversation-7f3a', millis(0), undefined)
  let published = 0
  let received = 0
  let now = 10_000
  for (let first = 0; first < MESSAGES; first += interleaved) {
    const sent = Array.from({ length: interleaved }, (_, i) => texts(first + i))
    const before = performance.now()
    for (const [i, { room, key }] of sent.entries()) {
      ledger.published('message', i, room, key, millis(now), millis(now + 0.1))
    }
    published += performance.now() - before
    for (let user = 0; user < MEMBERS; user += BURST) {
      const receipts: { user: number; room: string; key: string }[] = []
      for (let i = 0; i < interleaved; i++) {
        for (let u = user; u < user + BURST; u++) receipts.push({ user: u, ...texts(first + i) })
      }
      const start = performance.now()
      for (const { user, room, key } of receipts)
        ledger.received('message', user, room, key, millis(now + 20), undefined)
      received += performance.now() - start
    }
    now += 8 * interleaved
    if (first % 100 === 0) ledger.tend(millis(now))
  }
  const toNanos = 1e6
  return { received: (received * toNanos) / (MESSAGES * MEMBERS), published: (published * toNanos) / MESSAGES }
}

measure(10)
for (const interleaved of [1, 10, 100]) {
  const { received, published } = measure(interleaved)
  const cost = `a receipt ${received.toFixed(0)} ns, a publication ${published.toFixed(0)} ns`
  console.log(`1,000 members, ${interleaved} messages under way: ${cost}`)
}
