import { useEffect, useState } from 'preact/hooks'
import { go } from '../app/router.ts'
import { titlePage } from '../app/title.ts'
import { toastError } from '../app/toasts.tsx'
import { get, post } from '../net/api.ts'
import { Icon } from '../parts/icon.tsx'
import { keptValues } from '../state/database.ts'

interface Listed {
  readonly id: string
  readonly title: string
  readonly created_at: string
}

interface Page {
  readonly documents: readonly Listed[]
  readonly next_cursor: string | null
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

export function DocumentsPage() {
  const [found, setFound] = useState<readonly Listed[]>()
  const [cursor, setCursor] = useState<string | null>(null)
  const [title, setTitle] = useState('')

  async function load(from: string | null): Promise<void> {
    const page = await get<Page>(`/api/documents?limit=100${from ? `&cursor=${encodeURIComponent(from)}` : ''}`)
    setFound((before) => [...(from ? (before ?? []) : []), ...page.documents])
    setCursor(page.next_cursor)
    if (from === null) keptValues.set('documents', page.documents)
  }
  useEffect(() => {
    titlePage('Documents')
    load(null).catch(async () => setFound((await keptValues.get<readonly Listed[]>('documents')) ?? []))
  }, [])

  async function create(event: Event): Promise<void> {
    event.preventDefault()
    if (title.trim() === '') return
    try {
      const made = await post<{ document: Listed }>('/api/documents', { title: title.trim() })
      go(`/documents/${made.document.id}`)
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <main class="pane documents">
      <header class="pane-header">
        <a href="/" class="icon-button only-phone" aria-label="Back to all rooms">
          <Icon name="back" />
        </a>
        <div class="pane-title">
          <h1>Documents</h1>
        </div>
      </header>
      <div class="documents-body">
        <form class="inline-form" onSubmit={(event) => void create(event)}>
          <input
            aria-label="Title of a new document"
            placeholder="Title of a new document"
            maxLength={200}
            value={title}
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={title.trim() === ''}>
            <Icon name="plus" /> Create
          </button>
        </form>
        {found?.length === 0 && <p class="first-words quiet">There is no document yet. Give the first one a title.</p>}
        <ul class="cards">
          {found?.map(({ id, title: name, created_at }) => (
            <li key={id}>
              <a href={`/documents/${id}`}>
                <Icon name="file" />
                <span>{name}</span>
                <time class="quiet small" dateTime={created_at}>
                  {day.format(new Date(created_at))}
                </time>
              </a>
            </li>
          ))}
        </ul>
        {cursor && (
          <button type="button" class="button" onClick={() => load(cursor).catch(toastError)}>
            Show more
          </button>
        )}
      </div>
    </main>
  )
}
