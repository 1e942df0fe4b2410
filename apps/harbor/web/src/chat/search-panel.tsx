import { useEffect, useState } from 'preact/hooks'
import { get } from '../net/api.ts'
import { Icon } from '../parts/icon.tsx'
import { names } from '../rooms/people.ts'
import { useValue } from '../state/value.ts'
import { readHighlight } from './highlight.ts'
import type { Message } from './message.ts'

type Found = Message & { readonly highlight: string }

interface Props {
  readonly roomId: string
  readonly onOpen: (seq: number) => void
  readonly onClose: () => void
}

/** In milliseconds: a word that is still being written is not searched for. */
const pause = 200
const instant = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function SearchPanel({ roomId, onOpen, onClose }: Props) {
  const [words, setWords] = useState('')
  const [found, setFound] = useState<readonly Found[]>()
  const [problem, setProblem] = useState('')
  const known = useValue(names)

  useEffect(() => {
    if (words.trim() === '') return setFound(undefined)
    let stale = false
    const timer = setTimeout(() => {
      get<{ messages: readonly Found[] }>(`/api/messages/search?q=${encodeURIComponent(words)}&room=${roomId}`).then(
        ({ messages }) => {
          if (stale) return
          setFound(messages)
          setProblem('')
        },
        (error: Error) => stale || setProblem(error.message),
      )
    }, pause)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [words, roomId])

  return (
    <search class="search-panel" onKeyDown={({ key }) => key === 'Escape' && onClose()}>
      <div class="search-field">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search in this room"
          placeholder="Search in this room"
          maxLength={200}
          // biome-ignore lint/a11y/noAutofocus: it was opened to write in it
          autoFocus
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <button type="button" class="icon-button" aria-label="Close the search" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div role="status" class="search-state">
        {problem || (found && (found.length === 0 ? 'Nothing found.' : `${found.length} found`))}
      </div>
      <ul>
        {found?.map(({ id, seq, sender_id, highlight, created_at }) => (
          <li key={id}>
            <button type="button" class="result" onClick={() => onOpen(seq)}>
              <b>{known.get(sender_id) ?? 'Someone'}</b> <time>{instant.format(new Date(created_at))}</time>
              <span>{readHighlight(highlight).map(({ text, found: hit }) => (hit ? <mark>{text}</mark> : text))}</span>
            </button>
          </li>
        ))}
      </ul>
    </search>
  )
}
