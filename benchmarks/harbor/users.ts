import { progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { wait } from '../harness/wait.ts'
import type { PlimsollResult } from '../tools/plimsoll.ts'
import { type Deliveries, runChat } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import { doubts, over, type Part } from './part.ts'

interface Row extends Deliveries {
  readonly instances: number
  /** MB, the largest instance at its largest. */
  readonly memory: number
  readonly generator: PlimsollResult['generator']
}

/** Generator, harbor, its stores and nginx share the machine: nothing is pinned. */
export const users: Part = {
  name: 'users',
  title: '1,000 Socket.IO users in rooms of 50, 12,000 messages a minute',
  async run({ quick }) {
    const rows: Row[] = []
    for (const instances of [1, 3]) {
      const row = await measure(instances, quick)
      rows.push(row)
      progress(cellsOf(row).join(' · '))
    }
    return {
      markdown: [
        table(head, rows.map(cellsOf)),
        rows.flatMap((row) => doubts(placeOf(row), row.generator)).join('\n'),
      ].join('\n\n'),
      data: rows,
      failed: rows.flatMap((row) => [
        ...over(placeOf(row), [
          ['p50', row.p50, 30],
          ['p95', row.p95, 80],
          ['p99', row.p99, 150],
          ['lost', row.lost, 1],
          ['doubled', row.duplicated, 1],
          ['memory in MB', row.memory, 512],
        ]),
      ]),
    }
  },
}

async function measure(instances: number, quick: boolean): Promise<Row> {
  const deployment = await Deployment.start({ instances })
  try {
    const [only] = deployment.instances
    const url = instances === 1 && only !== undefined ? only.url : deployment.url
    const env = { ...deployment.known, USERS: '1000', PER_MINUTE: '12000', RAMP: '15', SECONDS: quick ? '15' : '45' }
    let memory = 0
    let isOver = false
    const watching = (async () => {
      while (!isOver) {
        memory = Math.max(memory, deployment.memory())
        await wait(1)
      }
    })()
    const { deliveries, result } = await runChat({ plan: 'harbor/chat.plan.ts', url, env }).finally(() => {
      isOver = true
    })
    await watching
    return { ...deliveries, instances, memory: memory / 1e6, generator: result.generator }
  } finally {
    await deployment.stop()
  }
}

const head = [
  'instances',
  'messages',
  'deliveries',
  'lost',
  'doubled',
  'out of order',
  'p50',
  'p95',
  'p99',
  'memory, MB',
  'generator',
]

function cellsOf(row: Row): readonly string[] {
  const { published, received, lost, duplicated, out_of_order, p50, p95, p99, memory, generator } = row
  return [
    placeOf(row),
    ...[published, received, lost, duplicated, out_of_order].map((count) => count.toLocaleString('en')),
    ...[p50, p95, p99].map((value) => value?.toFixed(1) ?? '–'),
    memory.toFixed(0),
    generator.valid ? 'valid' : 'invalid',
  ]
}

const placeOf = ({ instances }: Row) => (instances === 1 ? 'one' : 'three, behind nginx')
