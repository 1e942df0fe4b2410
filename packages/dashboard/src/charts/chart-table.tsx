import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import './chart-table.css'

interface ChartTableProps {
  label: string
  head: readonly string[]
  /** Asked for only when the table is opened. */
  rows: () => readonly (readonly string[])[]
}

/** What a chart shows, as figures: for screen readers, for copying, for whoever wants to know exactly. */
export function ChartTable({ label, head, rows }: ChartTableProps): JSX.Element {
  const [open, setOpen] = useState(false)
  return (
    <details class="chart-table no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Figures<span class="sr-only"> of {label}</span>
      </summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        // biome-ignore lint/a11y/useSemanticElements: a section would join the page's outline
        <div class="chart-table-scroll" role="region" aria-label={`Figures of ${label}`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {head.map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((row) => (
                <tr key={row[0]}>
                  {row.map((text, index) =>
                    index === 0 ? (
                      <th key={head[index]} scope="row">
                        {text}
                      </th>
                    ) : (
                      <td key={head[index]}>{text}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}
