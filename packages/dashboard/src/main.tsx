import { render } from 'preact'
import { App } from './app/app.tsx'
import { embeddedSource, readEmbeddedRun } from './source/embedded-run.ts'

const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  readEmbeddedRun(document).then(
    (run) =>
      run === undefined
        ? fail(root, 'There is no run in this page: it is the empty template of a report.')
        : render(<App source={embeddedSource(run)} verdict={run.verdict} />, root),
    (error: unknown) =>
      fail(root, `The run in this page cannot be read: ${error instanceof Error ? error.message : error}`),
  )
}

function fail(place: HTMLElement, message: string): void {
  render(<p class="waiting">{message}</p>, place)
}
