import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import './disclosure.css'

/** A line that opens; what it holds is made when it is first opened. */
export function Disclosure({ line, children }: { line: ComponentChildren; children: () => JSX.Element }): JSX.Element {
  const [opened, setOpened] = useState(false)
  return (
    <details class="disclosure" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>{line}</summary>
      {opened && children()}
    </details>
  )
}
