import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { joinedRooms } from '../rooms/rooms.ts'
import { Sidebar } from '../rooms/sidebar.tsx'
import { user } from '../session/session.ts'
import { SignInPage } from '../session/sign-in-page.tsx'
import { useValue } from '../state/value.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { lazy } from './lazy.tsx'
import { goLive } from './live.ts'
import { go, type Route, route } from './router.ts'
import { titlePage } from './title.ts'
import { Toasts } from './toasts.tsx'

const RoomPage = lazy(async () => (await import('../chat/room-page.tsx')).RoomPage)
const DocumentsPage = lazy(async () => (await import('../documents/documents-page.tsx')).DocumentsPage)
const DocumentPage = lazy(async () => (await import('../documents/document-page.tsx')).DocumentPage)

export function App() {
  const self = useValue(user)
  const at = useValue(route)
  const id = self?.id
  useEffect(() => {
    if (id !== undefined) return goLive(id)
    return undefined
  }, [id])
  useEffect(() => {
    if (id !== undefined && at.page === 'sign-in') go('/', { replace: true })
  }, [id, at])

  return (
    <>
      {self ? (
        <div class="app" data-page={at.page}>
          <ConnectionBanner />
          <Sidebar />
          <Page at={at} />
        </div>
      ) : (
        <SignInPage />
      )}
      <Toasts />
    </>
  )
}

function Page({ at }: { readonly at: Route }) {
  switch (at.page) {
    case 'room':
      return <RoomPage id={at.id} />
    case 'documents':
      return <DocumentsPage />
    case 'document':
      return <DocumentPage id={at.id} />
    case 'lost':
      return (
        <main class="pane empty">
          <h1>There is nothing here</h1>
          <a class="button" href="/">
            Back to the rooms
          </a>
        </main>
      )
    default:
      return <Home />
  }
}

function Home() {
  const isNew = useValue(joinedRooms)?.length === 0
  useEffect(() => {
    titlePage()
  }, [])
  return (
    <main class="pane empty home">
      <Icon name="anchor" />
      <h1>{isNew ? 'Welcome aboard' : 'Choose a room'}</h1>
      <p class="quiet">
        {isNew
          ? 'Find a room to join, or make the first one: the plus beside “Rooms” does both.'
          : 'What you write is kept here and sent when you are connected, so a tunnel is no reason to stop.'}
      </p>
    </main>
  )
}
