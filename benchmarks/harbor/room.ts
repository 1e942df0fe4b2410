import { progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { runChat } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import { doubts, over, type Part } from './part.ts'

/** Nothing is pinned. */
export const room: Part = {
  name: 'room',
  title: 'One room of 1,000 over plain WebSocket with batches, 10,000 messages a minute, three instances',
  async run({ quick }) {
    const deployment = await Deployment.start({ instances: 3 })
    try {
      const env = { ...deployment.known, USERS: '1000', PER_MINUTE: '10000', SECONDS: quick ? '15' : '45' }
      const { deliveries, result } = await runChat({ plan: 'harbor/room.plan.ts', url: deployment.url, env })
      const { published, received, lost, duplicated, out_of_order, p50, p95, p99 } = deliveries
      const cells = [
        ...[published, received, lost, duplicated, out_of_order].map((count) => count.toLocaleString('en')),
        ...[p50, p95, p99].map((value) => value?.toFixed(1) ?? '–'),
        result.generator.valid ? 'valid' : 'invalid',
      ]
      progress(cells.join(' · '))
      return {
        markdown: [table(head, [cells]), doubts('one room of 1,000', result.generator).join('\n')].join('\n\n'),
        data: { deliveries, generator: result.generator },
        failed: over('one room of 1,000', [
          ['p95', p95, 80],
          ['lost', lost, 1],
          ['doubled', duplicated, 1],
        ]),
      }
    } finally {
      await deployment.stop()
    }
  },
}

const head = ['messages', 'deliveries', 'lost', 'doubled', 'out of order', 'p50', 'p95', 'p99', 'generator']
