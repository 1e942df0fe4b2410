/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope
declare const __SHELL__: readonly string[]
declare const __VERSION__: string

/**
 * Keeps the app's own files, and nothing else: no answer of the API is ever in this cache. So the app opens without a
 * network, and what it then shows comes from its own database, which is emptied when its user signs out.
 */
const cacheName = `harbor-shell-${__VERSION__}`
const pages = /^\/($|sign-in$|rooms($|\/)|documents($|\/))/

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...__SHELL__])))
  void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && pages.test(pathname)) event.respondWith(freshOrKept(request))
  else if (__SHELL__.includes(pathname) && pathname !== '/') event.respondWith(keptOrFresh(request))
})

/** The page itself: the newest, so that a new version is there at the next visit. */
async function freshOrKept(request: Request): Promise<Response> {
  try {
    const fresh = await fetch(request)
    if (fresh.ok) return fresh
    return (await keptPage()) ?? fresh
  } catch (error) {
    const kept = await keptPage()
    if (kept) return kept
    throw error
  }
}

const keptPage = async () => (await caches.open(cacheName)).match('/')

/** Files with a hash in their names never change. */
async function keptOrFresh(request: Request): Promise<Response> {
  return (await (await caches.open(cacheName)).match(request)) ?? fetch(request)
}
