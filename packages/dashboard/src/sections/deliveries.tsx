import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { graceOf } from '../../../plimsoll/src/record/grace.ts'
import { useRunView } from '../app/run-context.ts'
import { Section } from '../parts/section.tsx'
import { eventDeliveries } from '../view/delivery-rows.ts'
import './deliveries.css'
import { DeliveryEvent } from './delivery-event.tsx'
import { DeliveryRooms } from './delivery-rooms.tsx'

/** Every message accounted for at every receiver; only in runs that do. */
export function Deliveries(): JSX.Element | null {
  const { record } = useRunView()
  const { deliveries } = record
  const events = useMemo(() => eventDeliveries(deliveries), [deliveries])
  if (events.length === 0) return null
  return (
    <Section
      id="deliveries"
      title="Deliveries"
      about="Each message at each member of its room, over the whole run. Late ones came by resume, after a reconnect. Those that did not come while their receiver was joining or leaving are uncertain: not expected, and not lost."
    >
      <div class="delivery-events">
        {events.map((event) => (
          <DeliveryEvent key={event.event} deliveries={event} grace={graceOf(record, event.event)} />
        ))}
      </div>
      <DeliveryRooms deliveries={deliveries} />
    </Section>
  )
}
