import type { JSX } from 'preact'
import type { Millis } from '../../../plimsoll/src/base/units.ts'
import type { DeliveryCounts } from '../../../plimsoll/src/measure/deliveries/types.ts'
import { PartBar } from '../charts/part-bar.tsx'
import { ToneMark } from '../parts/state-mark.tsx'
import { type Stat, Stats, troubleStat } from '../parts/stats.tsx'
import { type DeliveryPart, deliveryParts, type EventDeliveries, fanOut } from '../view/delivery-rows.ts'
import { deliveryState } from '../view/delivery-state.ts'
import { count, duration, percent, percentOfAll, significant } from '../view/format.ts'

const colors: Readonly<Record<DeliveryPart['name'], string>> = {
  'on time': 'var(--s-on-time)',
  late: 'var(--s-late)',
  lost: 'var(--s-errors)',
  'not known yet': 'var(--line-2)',
}

/** What became of one kind of message: the verdict in a word, the parts of the whole, the figures. */
export function DeliveryEvent({ deliveries, grace }: { deliveries: EventDeliveries; grace: Millis }): JSX.Element {
  const { event, total } = deliveries
  const { tone, sign, text } = deliveryState(total)
  const parts = deliveryParts(total)
  const titleId = `delivery-${event}`
  return (
    <article class="delivery-event" aria-labelledby={titleId}>
      <header>
        <h3 id={titleId}>
          <code>{event}</code>
        </h3>
        <ToneMark sign={sign} tone={tone}>
          {text}
        </ToneMark>
        <p class="delivery-fan-out">{fanOutText(deliveries)}</p>
      </header>
      {parts.length > 0 && (
        <PartBar
          label={`Of ${count(total.expected)} deliveries expected: ${parts.map(({ name, share }) => `${percent(share)} ${name}`).join(', ')}`}
          parts={parts.map(({ name, share }) => ({ name, share, color: colors[name] }))}
        />
      )}
      <Stats stats={statsOf(total)} />
      {total.unexpected > 0 && (
        <p class="delivery-note small">
          {count(total.unexpected)} more were received that nobody in this run published, or that were sent before their
          receiver came: history, or other people’s traffic.
        </p>
      )}
      {total.uncertain > 0 && (
        <p class="delivery-note small">
          Uncertain are those sent within {duration(grace)} of their receiver’s leaving, or while it joined, and those
          whose sender never heard whether they were taken.
        </p>
      )}
      {total.settledEarly > 0 && (
        <p class="delivery-note small">
          The fate of {count(total.settledEarly)} messages was decided before the run’s end, because memory for open
          ones was full: what came of them later is not counted.
        </p>
      )}
    </article>
  )
}

function fanOutText({ total, rooms }: EventDeliveries): JSX.Element {
  const factor = fanOut(total)
  return (
    <>
      {count(total.published)} {total.published === 1 ? 'message' : 'messages'} published in {count(rooms)}{' '}
      {rooms === 1 ? 'room' : 'rooms'} <span aria-hidden="true">→</span>
      <span class="sr-only">became</span> {count(total.received)} deliveries
      {factor !== undefined && (
        <>
          : <b>{significant(factor)}</b> of each
        </>
      )}
    </>
  )
}

function statsOf(total: DeliveryCounts): Stat[] {
  const { expected, received, late, lost, duplicated, outOfOrder, foreign, uncertain } = total
  const ofExpected = (n: number): string | undefined => (n > 0 && expected > 0 ? percent(n / expected) : undefined)
  return [
    { label: 'expected', value: count(expected), about: 'A message at one of its receivers' },
    {
      label: 'received',
      value: count(received),
      note: expected > 0 ? percentOfAll(received / expected) : undefined,
      swatch: colors['on time'],
    },
    troubleStat('late', late, 'warn', {
      note: ofExpected(late),
      swatch: colors.late,
      about: 'Of those received: sent before the receiver’s present connection was made, they came by resume',
    }),
    troubleStat('lost', lost, 'bad', { note: ofExpected(lost), swatch: colors.lost }),
    troubleStat('doubled', duplicated, 'warn', { note: ofExpected(duplicated), about: 'Copies after the first' }),
    troubleStat('out of order', outOfOrder, 'warn', {
      note: ofExpected(outOfOrder),
      about: 'Of those received: came after one that the same sender sent later to the same room',
    }),
    troubleStat('foreign', foreign, 'bad', {
      note: foreign > 0 ? 'a leak between rooms' : undefined,
      about: 'Received by a user who was not a member of the room: a security finding',
    }),
    {
      label: 'uncertain',
      value: count(uncertain),
      about: 'Did not come, and need not have: the receiver was joining or leaving, or the send was never confirmed',
    },
  ]
}
