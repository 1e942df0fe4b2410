import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'

export function EndpointSelect(): JSX.Element {
  const { endpoints, endpoint, chooseEndpoint } = useRunView()
  return (
    <label class="endpoint-select">
      <span class="sr-only">Endpoint</span>
      <select
        class="control"
        value={endpoint ?? ''}
        onChange={({ currentTarget: { value } }) => chooseEndpoint(value === '' ? undefined : value)}
      >
        <option value="">All endpoints</option>
        {endpoints.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
