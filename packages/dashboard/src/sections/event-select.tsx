import type { JSX } from 'preact'

interface EventSelectProps {
  events: readonly string[]
  /** Undefined: all of them together. */
  event: string | undefined
  choose: (event: string | undefined) => void
}

export const EventSelect = ({ events, event, choose }: EventSelectProps): JSX.Element => (
  <label>
    <span class="sr-only">Event</span>
    <select
      class="control"
      value={event ?? ''}
      onChange={({ currentTarget: { value } }) => choose(value === '' ? undefined : value)}
    >
      <option value="">All events</option>
      {events.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
)
