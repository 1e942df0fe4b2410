import { render } from 'preact'
import { App } from './app/app.tsx'
import { followLinks } from './app/router.ts'
import { applyTheme } from './app/theme.ts'
import { watchPage } from './net/client-metrics.ts'
import { restoreSession } from './session/session.ts'

watchPage()
applyTheme()
followLinks()
restoreSession()
const root = document.getElementById('app')
if (root) render(<App />, root)

// Only where the page is secure, which localhost is.
if ('serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined))
}
