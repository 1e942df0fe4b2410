import { Value } from '../state/value.ts'

export type Route =
  | { readonly page: 'home' | 'sign-in' | 'documents' | 'lost' }
  | { readonly page: 'room' | 'document'; readonly id: string }

export function routeOf(pathname: string): Route {
  const [first = '', id, ...more] = pathname.split('/').filter((part) => part !== '')
  if (more.length === 0 && id !== undefined) {
    if (first === 'rooms') return { page: 'room', id }
    if (first === 'documents') return { page: 'document', id }
  }
  if (id !== undefined) return { page: 'lost' }
  if (first === '' || first === 'rooms') return { page: 'home' }
  return first === 'sign-in' || first === 'documents' ? { page: first } : { page: 'lost' }
}

export const route = new Value<Route>(routeOf(location.pathname))

const follow = () => route.set(routeOf(location.pathname))

export function go(path: string, { replace = false } = {}): void {
  if (path !== location.pathname) history[replace ? 'replaceState' : 'pushState'](null, '', path)
  follow()
}

/** Plain links within the app become changes of the route. */
export function followLinks(): void {
  addEventListener('popstate', follow)
  addEventListener('click', (event: MouseEvent) => {
    const { target } = event
    const link = target instanceof Element ? target.closest('a') : null
    if (link?.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    if (routeOf(link.pathname).page === 'lost') return
    event.preventDefault()
    go(link.pathname)
  })
}
