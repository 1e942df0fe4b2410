import type { Options } from '../harness/options.ts'
import { progress } from '../harness/output.ts'
import { costOfLayers } from './layers-alone.ts'
import { type Round, report, settings } from './layers-report.ts'
import { LayersTarget } from './layers-target.ts'
import type { Part } from './part.ts'
import { costOfEvents } from './security-events.ts'

/**
 * All settings run at once, each on stores of its own, and get the load in turn, in short slices: a slow minute of the
 * machine is one of all settings. Every round begins with another one.
 */
export const layers: Part = {
  name: 'layers',
  title: 'What each layer of security costs a request',
  async run({ quick, rounds, cores }) {
    const targets: LayersTarget[] = []
    try {
      for (const { layers } of settings) targets.push(await LayersTarget.start(layers, cores))
      // The first requests compile what all later ones run.
      for (const target of targets) await target.run('full', quick ? 2 : 4, cores)
      const results = settings.map((): Round[] => [])
      for (let round = 0; round < rounds; round++) {
        for (let step = 0; step < settings.length; step++) {
          const index = (round + step) % settings.length
          const [target, name] = [targets[index], settings[index]?.name]
          if (target === undefined) continue
          const result = await oneRound(target, quick, cores)
          results[index]?.push(result)
          progress(`${name}: ${result.full.harbor.toFixed(0)} µs of CPU, ${result.full.rate.toFixed(0)} requests/s`)
        }
      }
      const ofRequests = report(results)
      const alone = await costOfLayers(cores?.server)
      const ofEvents = await costOfEvents(cores?.server)
      return {
        ...ofRequests,
        markdown: [ofRequests, alone, ofEvents].map(({ markdown }) => markdown).join('\n\n'),
        data: { requests: ofRequests.data, alone: alone.data, events: ofEvents.data },
      }
    } finally {
      await Promise.all(targets.map((target) => target.stop()))
    }
  },
}

async function oneRound(target: LayersTarget, quick: boolean, cores: Options['cores']): Promise<Round> {
  const steady = await target.run('steady', quick ? 3 : 7, cores)
  return { steady, full: await target.run('full', quick ? 3 : 5, cores) }
}
