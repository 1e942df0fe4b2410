import type { Options } from '../harness/options.ts'
import type { Outcome } from '../harness/output.ts'
import { api } from './api.ts'
import { attack } from './attack.ts'
import { capacity } from './capacity.ts'
import { layers } from './layers.ts'
import type { Part, PartOutcome } from './part.ts'
import { redis } from './redis-speed.ts'
import { room } from './room.ts'
import { users } from './users.ts'

/** Each by itself with `--only`, and none longer than seven minutes. */
export const parts: readonly Part[] = [users, room, capacity, api, attack, layers, redis]

/** What harbor carries, beside the limits that its users were promised. */
export async function harbor(options: Options): Promise<Outcome> {
  const outcomes: [Part, PartOutcome][] = []
  for (const part of parts) {
    if (options.only !== undefined && !options.only.includes(part.name)) continue
    outcomes.push([
      part,
      await part
        .run(options)
        .catch((error) => ({ markdown: `It did not work: ${error}`, data: {}, failed: [`${error}`] })),
    ])
  }
  return {
    title: 'Harbor',
    markdown: outcomes.map(([{ title }, { markdown }]) => `### ${title}\n\n${markdown}`).join('\n\n'),
    data: Object.fromEntries(outcomes.map(([{ name }, { data }]) => [name, data])),
    failed: outcomes.flatMap(([{ name }, { failed }]) => failed.map((bar) => `harbor ${name}: ${bar}`)),
  }
}
