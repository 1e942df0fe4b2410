import type { ComponentChildren, JSX } from 'preact'
import './section.css'

interface SectionProps {
  id: string
  title: string
  /** One quiet sentence below the title: what is shown and over which part of the run. */
  about?: ComponentChildren
  controls?: ComponentChildren
  children: ComponentChildren
}

export function Section({ id, title, about, controls, children }: SectionProps): JSX.Element {
  return (
    <section class="section" id={id} aria-labelledby={`${id}-title`}>
      <div class="section-head">
        <h2 id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        {controls !== undefined && <div class="section-controls no-print">{controls}</div>}
        {about !== undefined && <p class="section-about">{about}</p>}
      </div>
      {children}
    </section>
  )
}

/** What a section says when there is nothing to show: why, never a bare blank. */
export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>
}
