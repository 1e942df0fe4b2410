import { useEffect, useState } from 'preact/hooks'
import { titlePage } from '../app/title.ts'
import { socket } from '../net/socket.ts'
import { hueOf, initials } from '../parts/avatar.ts'
import { Icon } from '../parts/icon.tsx'
import { useValue } from '../state/value.ts'
import { Editor } from './editor.tsx'
import { OpenDocument } from './open-document.ts'

export const DocumentPage = ({ id }: { readonly id: string }) => <DocumentView key={id} id={id} />

function DocumentView({ id }: { readonly id: string }) {
  const [opened, setOpened] = useState<OpenDocument>()
  useEffect(() => {
    const next = new OpenDocument(id)
    setOpened(next)
    return () => next.close()
  }, [id])
  return opened ? <Opened document={opened} /> : <main class="pane" />
}

function Opened({ document: shared }: { readonly document: OpenDocument }) {
  const title = useValue(shared.title) || 'Document'
  const content = useValue(shared.content)
  const problem = useValue(shared.problem)
  const saved = useValue(shared.saved)
  const connected = useValue(socket.state) === 'connected'
  const cursors = useValue(shared.cursors.all)
  useEffect(() => {
    titlePage(title)
  }, [title])

  if (problem) {
    return (
      <main class="pane empty">
        <h1>This document cannot be shown</h1>
        <p>{problem.message}</p>
        {!saved && (
          <button type="button" class="button" onClick={() => shared.startAgain()}>
            Discard what was not saved, and open it again
          </button>
        )}
        <a class="button" href="/documents">
          All documents
        </a>
      </main>
    )
  }
  return (
    <main class="pane document">
      <header class="pane-header">
        <a href="/documents" class="icon-button" aria-label="Back to all documents">
          <Icon name="back" />
        </a>
        <div class="pane-title">
          <h1>{title}</h1>
          <p class="quiet small" role="status">
            {saved ? 'Saved' : connected ? 'Saving…' : 'Kept here until you are back online'}
          </p>
        </div>
        <ul class="avatars" aria-label="Others in this document">
          {cursors.map(({ user_id, name }) => (
            <li key={user_id} class="avatar" style={{ '--hue': String(hueOf(user_id)) }} title={name}>
              <span aria-hidden="true">{initials(name)}</span>
              <span class="sr-only">{name}</span>
            </li>
          ))}
        </ul>
      </header>
      {content === undefined ? (
        <p class="first-words quiet">
          {connected ? 'Opening…' : 'This document was not opened here before; it needs the network.'}
        </p>
      ) : (
        <Editor document={shared} content={content} />
      )}
    </main>
  )
}
