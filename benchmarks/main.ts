import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { accuracy } from './accuracy/accuracy.ts'
import { deliveries } from './deliveries/deliveries.ts'
import { documents } from './documents/documents.ts'
import { everyFault, faults } from './harbor/faults.ts'
import { harbor, parts } from './harbor/harbor.ts'
import { machine, pinning } from './harness/machine.ts'
import type { Options } from './harness/options.ts'
import { type Outcome, store } from './harness/output.ts'
import { inBenchmarks } from './harness/paths.ts'
import { connections } from './idle/connections.ts'
import { idle } from './idle/idle.ts'
import { overload } from './overload/overload.ts'
import { planNames, plans } from './plans/plans.ts'
import { modes } from './servers/known-delay.ts'
import { startup } from './startup/startup.ts'
import { throughput } from './throughput/throughput.ts'
import { artillery } from './tools/artillery.ts'
import { autocannon } from './tools/autocannon.ts'
import { k6 } from './tools/k6.ts'
import { locust } from './tools/locust.ts'
import { plimsoll } from './tools/plimsoll.ts'
import { wrk } from './tools/wrk.ts'

const benchmarks: Readonly<Record<string, (options: Options) => Promise<Outcome>>> = {
  throughput,
  idle,
  startup,
  accuracy,
  overload,
  deliveries,
  connections,
  documents,
  harbor,
  faults,
  plans,
}
/** These measure Plimsoll alone. */
const needPlimsoll = ['idle', 'overload', 'connections', 'harbor', 'faults', 'plans']
const all = [plimsoll, wrk, autocannon, artillery, locust, k6]

const help = `npm run bench -- [NAME…] [--quick] [--rounds N] [--tools NAME,…] [--only PART,…] [--install-rivals]

  NAME              ${Object.keys(benchmarks).join(', ')}; all when not given
  --quick           short and few: to see that it works, not to quote
  --rounds N        rounds of throughput, accuracy and documents; 3 when not given, 1 with --quick
  --tools NAME,…    only these: ${all.map(({ name }) => name).join(', ')}
  --only PART,…     parts of accuracy (${modes.join(', ')}), of harbor (${parts.map(({ name }) => name).join(', ')}),
                    of faults (${everyFault.map(({ name }) => name).join(', ')}) or of plans (${planNames.join(', ')})
  --install-rivals  install those that come from npm, into benchmarks/rivals/, and end`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      tools: { type: 'string' },
      only: { type: 'string' },
      'install-rivals': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  if (values['install-rivals']) return installRivals()
  const only = values.only?.split(',')
  const partNames: readonly string[] = [...modes, ...planNames, ...[...parts, ...everyFault].map(({ name }) => name)]
  const unknown = [
    ...positionals.filter((name) => !(name in benchmarks)),
    ...(only ?? []).filter((name) => !partNames.includes(name)),
  ]
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(
      `${unknown.length > 0 ? `There is no benchmark, or part of one, ${unknown.join(', ')}` : '--rounds must be 1 or more'}.\n\n${help}`,
    )
    return 2
  }
  return run(positionals.length > 0 ? positionals : Object.keys(benchmarks), {
    quick: values.quick,
    rounds,
    cores: pinning(),
    only,
    tools: installed(values.tools?.split(',').map((name) => name.toLowerCase())),
  })
}

async function run(names: readonly string[], options: Options): Promise<number> {
  const { cpu, cores, memoryGb, platform, node } = machine()
  console.log(`${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}\n`)
  const failed: string[] = []
  for (const name of names) {
    if (needPlimsoll.includes(name) && !options.tools.includes(plimsoll)) {
      console.error(`${name} is left out: it measures Plimsoll alone, which is not built.`)
      continue
    }
    console.error(`${name}:`)
    const outcome = await benchmarks[name]?.(options)
    if (outcome === undefined) continue
    store(name, outcome)
    failed.push(...outcome.failed)
    console.log(`## ${outcome.title}\n\n${outcome.markdown}\n`)
  }
  if (!options.tools.includes(plimsoll)) {
    console.log('Plimsoll itself was not measured, so no bar was judged.')
    return 1
  }
  const missed = failed.map((one) => `- ${one}`).join('\n')
  console.log(failed.length === 0 ? 'Every bar was held.' : `Bars that were not held:\n\n${missed}`)
  return failed.length === 0 ? 0 : 1
}

function installed(wanted: readonly string[] | undefined): Options['tools'] {
  return all.filter((tool) => {
    if (wanted !== undefined && !wanted.includes(tool.name.toLowerCase())) return false
    const version = tool.version()
    console.error(version === undefined ? `${tool.name} is not installed: ${tool.install}` : `${tool.name} ${version}`)
    return version !== undefined
  })
}

/** From a lock file of their own; without install scripts, which none of them needs. */
function installRivals(): number {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: inBenchmarks('rivals'),
    stdio: 'inherit',
  })
  console.log('wrk and Locust come from the system: apt install wrk python3-locust')
  return status ?? 1
}

process.exitCode = await main()
