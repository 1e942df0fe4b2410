/** As many as harbor takes of each in one report. */
const mostLatencies = 100
const mostCounted = 1_000
const mostTexts = 5
const mostLength = 300

interface ErrorText {
  readonly message: string
  /** As in `/assets/main-ABC.js:1:2`; empty for scripts that are not the client's. */
  readonly place: string
  readonly version: string
}

let errors = 0
/** Of this page, by text: what is told once is not told again. */
const texts = new Map<string, ErrorText>()
let textsTold = 0
let latencies: number[] = []
let resources = { cached: 0, fetched: 0 }
let shift = 0
let largestPaint: number | undefined
let toldOfPage = false

/** An acknowledgement over the WebSocket took that long, in milliseconds. Beyond a hundred between reports they are not kept. */
export function countLatency(milliseconds: number): void {
  if (latencies.length < mostLatencies) latencies.push(Math.round(milliseconds * 10) / 10)
}

/** Watches the page, and tells harbor whenever it is hidden, which is the last that a page surely sees of itself. */
export function watchPage(): void {
  addEventListener('error', ({ error, message }) => noteError(error ?? message))
  addEventListener('unhandledrejection', ({ reason }) => noteError(reason))
  observe<PerformanceEntry>('largest-contentful-paint', ({ startTime }) => {
    largestPaint = startTime
  })
  observe<PerformanceEntry & { value: number; hadRecentInput: boolean }>('layout-shift', (entry) => {
    if (!entry.hadRecentInput) shift += entry.value
  })
  observe<PerformanceResourceTiming>('resource', ({ transferSize, decodedBodySize }) => {
    // Nothing came over the network for it, though it has a body.
    if (transferSize === 0 && decodedBodySize > 0) resources.cached += 1
    else resources.fetched += 1
  })
  document.addEventListener('visibilitychange', () => document.hidden && tell())
}

function noteError(thrown: unknown): void {
  errors += 1
  const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown) }
  const place = /\/assets\/[\w-]+\.js:\d+:\d+/.exec(stack ?? '')?.[0] ?? ''
  const key = `${message} ${place}`
  if (texts.size < mostTexts && !texts.has(key)) {
    texts.set(key, { message: message.slice(0, mostLength), place, version })
  }
}

/** The main script's name, which says its contents. */
const version = /[\w-]+(?=\.js$)/.exec(document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')?.[0] ?? ''

function observe<Entry extends PerformanceEntry>(type: string, each: (entry: Entry) => void): void {
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return
  new PerformanceObserver((list) => (list.getEntries() as Entry[]).forEach(each)).observe({ type, buffered: true })
}

function tell(): void {
  const report = {
    ...(!toldOfPage && { page: readPage() }),
    errors: Math.min(errors, mostCounted),
    texts: [...texts.values()].slice(textsTold),
    latencies,
    resources: {
      cached: Math.min(resources.cached, mostCounted),
      fetched: Math.min(resources.fetched, mostCounted),
    },
  }
  toldOfPage = true
  errors = 0
  textsTold = texts.size
  latencies = []
  resources = { cached: 0, fetched: 0 }
  navigator.sendBeacon('/api/client-metrics', new Blob([JSON.stringify(report)], { type: 'application/json' }))
}

function readPage() {
  const [painted] = performance.getEntriesByName('first-contentful-paint')
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return {
    ...(painted && { first_contentful_paint: painted.startTime }),
    ...(largestPaint !== undefined && { largest_contentful_paint: largestPaint }),
    ...(navigation && navigation.loadEventEnd > 0 && { load: navigation.loadEventEnd }),
    layout_shift: shift,
  }
}
