import { progress } from '../harness/output.ts'
import { spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { type ChatResult, runPlan } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import type { Part } from './part.ts'

const ROUNDS = 3
/** By how much good users' p95 may rise. */
const MOST = 0.2

interface Round {
  readonly calm: number
  readonly attacked: number
  /** Guesses after an attacker's tenth, and those of them that were not blocked; all that were let in. */
  readonly judged: number
  readonly passed: number
}

/** Harbor as the plan would start it: its limits are what is measured. */
const env = {
  HARBOR_RATE_LIMIT: '40,1000',
  HARBOR_TRUST_PROXY: '127.0.0.1',
  HARBOR_ADMIN_EMAIL: 'operator@plimsoll.test',
}

export const attack: Part = {
  name: 'attack',
  title: 'Brute force: 50 attackers, 10 guesses a second each, beside 100 good users',
  async run({ quick, cores }) {
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const result = await oneRound(quick ? 25 : 55, cores?.server, cores?.generator)
      rounds.push(result)
      progress(
        `p95 ${result.calm.toFixed(1)} ms, attacked ${result.attacked.toFixed(1)} ms, not blocked ${result.passed} of ${result.judged}`,
      )
    }
    const moved = spread(rounds.map(({ calm, attacked }) => attacked / calm - 1)).median
    const passed = rounds.reduce((sum, round) => sum + round.passed, 0)
    return {
      markdown: [
        table(
          ['round', "good users' p95 alone, ms", 'attacked, ms', 'guesses after the tenth', 'not blocked'],
          rounds.map(({ calm, attacked, judged, passed: one }, index) => [
            `${index + 1}`,
            calm.toFixed(1),
            attacked.toFixed(1),
            `${judged}`,
            `${one}`,
          ]),
        ),
        `Median of the change: ${(moved * 100).toFixed(0)} %.`,
      ].join('\n\n'),
      data: rounds,
      failed: [
        ...(passed > 0 ? [`${passed} guesses were not blocked, and 0 is the bar`] : []),
        ...(rounds.every(({ judged }) => judged > 0) ? [] : ['nobody guessed more than ten times']),
        ...(moved < MOST ? [] : [`good users' p95 moved by ${(moved * 100).toFixed(0)} %, and 20 % is the bar`]),
      ],
    }
  },
}

/** A harbor of its own for each: what it knows of attackers from before would help it. */
async function oneRound(seconds: number, core: number | undefined, generator: number | undefined): Promise<Round> {
  const run = async (profile: string) => {
    const deployment = await Deployment.start({ instances: 1, core, storesCore: core, env })
    const url = deployment.instances[0]?.url ?? ''
    const plan = '../plans/flux-studio.plan.ts'
    const options = { plan, profile, url, core: generator, seconds, env: { DATABASE_URL: deployment.postgres.url } }
    return runPlan(options).finally(() => deployment.stop())
  }
  const calm = await run('alone')
  const attacked = await run('bruteForce')
  const check = (wanted: string) => attacked.checks.find(({ name }) => name === wanted) ?? { passed: 0, failed: 0 }
  const afterTenth = check('guesses after the tenth are blocked')
  return {
    calm: goodP95(calm),
    attacked: goodP95(attacked),
    judged: afterTenth.passed + afterTenth.failed,
    passed: afterTenth.failed + check('no guess is let in').failed,
  }
}

function goodP95({ metrics }: ChatResult): number {
  const row = metrics.find(({ name, tag }) => name === 'http.response_time' && tag === 'who:good')
  return row?.p95 ?? Number.NaN
}
