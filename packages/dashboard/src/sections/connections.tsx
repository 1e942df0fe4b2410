import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { Quantile, StruckNote } from '../parts/figures.tsx'
import { Section } from '../parts/section.tsx'
import { type Stat, Stats, troubleStat } from '../parts/stats.tsx'
import { type ConnectionRow, connectionRows, protocolNames } from '../view/connection-rows.ts'
import { count, percent, percentOfAll, wait } from '../view/format.ts'
import { quantiles } from '../view/quantiles.ts'
import './connections.css'

/** What became of the sockets, and how those that broke came back; only in runs that have any. */
export function Connections(): JSX.Element | null {
  const { record } = useRunView()
  const rows = useMemo(() => connectionRows(record), [record])
  if (rows.length === 0) return null
  const anyBroken = rows.some(({ broken }) => broken > 0)
  return (
    <Section
      id="connections"
      title="Connections"
      about={`Over the whole run. ${anyBroken ? 'Cut: dropped by the plan, as a lost network does. Lost: ended by the server or the network. Times back count from the break; who never came back counts as the longest.' : 'None broke.'}`}
    >
      {anyBroken && <StruckNote />}
      <div class="protocols">
        {rows.map((row) => (
          <article key={row.counts.protocol} aria-labelledby={`connections-${row.counts.protocol}`}>
            <h3 id={`connections-${row.counts.protocol}`}>{protocolNames[row.counts.protocol]}</h3>
            <Stats stats={statsOf(row)} />
            {row.broken > 0 && <Stats stats={returnStats(row)} />}
          </article>
        ))}
      </div>
    </Section>
  )
}

function statsOf({ counts }: ConnectionRow): Stat[] {
  const { open, opened, reconnected, failed, closed, cut, lost } = counts
  return [
    { label: 'opened', value: count(opened) },
    troubleStat('failed', failed, 'bad', {
      note: failed > 0 ? `${percent(failed / (opened + reconnected + failed))} of attempts` : undefined,
      about: 'Attempts to connect that failed, whether they were the first or a return',
    }),
    { label: 'closed', value: count(closed), about: 'By the plan, politely' },
    { label: 'cut', value: count(cut), about: 'Dropped by the plan, as a lost network does' },
    troubleStat('lost', lost, 'bad', { about: 'Ended by the server or the network' }),
    ...(open > 0 ? [{ label: 'open at the end', value: count(open) }] : []),
  ]
}

/** How the broken ones came back. */
function returnStats({ counts, broken, recoveredShare, away }: ConnectionRow): Stat[] {
  const { reconnected, neverBack, recovered, notRecovered, away: still } = counts
  const back = (q: number): Stat => {
    const [ms] = away === undefined ? [] : quantiles(away.histogram, [q])
    return {
      label: `${q * 100} % back in`,
      value: <Quantile q={q} value={ms} samples={away?.count ?? 0} censored={away?.censored ?? 0} format={wait} />,
    }
  }
  return [
    { label: 'reconnected', value: count(reconnected), note: `${percentOfAll(reconnected / broken)} of broken` },
    back(0.5),
    back(0.95),
    troubleStat('never back', neverBack, 'bad', {
      about: 'Gave up coming back, or were still away when the run ended',
    }),
    ...(still > 0 ? [{ label: 'away now', value: count(still) }] : []),
    ...(recoveredShare === undefined
      ? []
      : [
          {
            label: 'state recovered',
            value: percentOfAll(recoveredShare),
            note: `${count(recovered)} of ${count(recovered + notRecovered)} returns`,
            about: 'Of the returns that asked the server for their state: those that got it',
            ...(notRecovered > 0 ? { tone: 'warn' as const } : {}),
          },
        ]),
  ]
}
