import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { headline } from '../view/headline.ts'
import type { RunKinds } from '../view/run-kinds.ts'
import './header.css'
import { useRunView } from './run-context.ts'
import type { Theme } from './theme.ts'

/** In the order of the page; those with a kind are there only in runs of that kind. */
const sections: readonly (readonly [id: string, name: string, kind?: keyof RunKinds])[] = [
  ['thresholds', 'Thresholds'],
  ['findings', 'Findings'],
  ['timeline', 'Timeline'],
  ['deliveries', 'Deliveries', 'deliveries'],
  ['delivery-latency', 'Delivery latency', 'deliveries'],
  ['connections', 'Connections', 'connections'],
  ['answers', 'Acks', 'answers'],
  ['messages', 'Messages', 'messages'],
  ['latency', 'Latency', 'http'],
  ['endpoints', 'Endpoints', 'http'],
  ['journeys', 'Journeys'],
  ['checks', 'Checks'],
  ['errors', 'Errors'],
  ['slowest', 'Slowest', 'http'],
  ['probes', 'Inside'],
  ['generator', 'Generator'],
  ['faults', 'Faults'],
  ['plan', 'Plan'],
  ['machine', 'Machine'],
]

interface HeaderProps {
  theme: Theme
  chooseTheme: (theme: Theme) => void
}

export function Header({ theme, chooseTheme }: HeaderProps): JSX.Element {
  const { record, verdict, kinds } = useRunView()
  const { tone, short } = headline(record, verdict)
  const current = useCurrentSection()
  return (
    <header class="header no-print">
      <div class="header-inner">
        <a class="header-mark" href="#verdict">
          <span class="sr-only">Plimsoll, to the verdict</span>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <circle cx="12" cy="12" r="7" />
            <path d="M1 12h22" />
          </svg>
        </a>
        <span class={`header-verdict tone-${tone}`}>{short}</span>
        <nav class="header-nav" aria-label="Sections">
          <ul>
            {sections
              .filter(([, , kind]) => kind === undefined || kinds[kind])
              .map(([id, name]) => (
                <li key={id}>
                  <a href={`#${id}`} aria-current={current === id ? 'location' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
          </ul>
        </nav>
        <button
          type="button"
          class="header-theme"
          aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          title={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <circle cx="10" cy="10" r="7.25" />
            <path class="half" d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" />
          </svg>
        </button>
      </div>
    </header>
  )
}

/** The section that the reader is in: the last one whose top has passed the header; none at the verdict. */
function useCurrentSection(): string | undefined {
  const [current, setCurrent] = useState<string | undefined>(undefined)
  useEffect(() => {
    let asked = 0
    const look = (): void => {
      asked = 0
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2
      const passed = sections.filter(([id]) => (document.getElementById(id)?.getBoundingClientRect().top ?? 1) <= 120)
      setCurrent((atEnd ? sections.at(-1) : passed.at(-1))?.[0])
    }
    const ask = (): void => {
      if (asked === 0) asked = requestAnimationFrame(look)
    }
    addEventListener('scroll', ask, { passive: true })
    return () => {
      removeEventListener('scroll', ask)
      cancelAnimationFrame(asked)
    }
  }, [])
  useEffect(() => {
    const list = document.querySelector<HTMLElement>('.header-nav')
    const link = list?.querySelector<HTMLElement>('[aria-current]')
    if (list && link) list.scrollLeft = link.offsetLeft - list.clientWidth / 2 + link.clientWidth / 2
  }, [current])
  return current
}
