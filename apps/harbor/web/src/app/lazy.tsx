import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component whose code is fetched when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined
  return function Lazy(props: Props) {
    const [failed, setFailed] = useState(false)
    const [, setReady] = useState(loaded !== undefined)
    useEffect(() => {
      if (loaded) return
      load().then(
        (component) => {
          loaded = component
          setReady(true)
        },
        () => setFailed(true),
      )
    }, [])
    const Loaded = loaded
    if (Loaded) return <Loaded {...props} />
    if (!failed) return <div class="pane" aria-busy="true" />
    return (
      <div class="pane empty" role="alert">
        <h2>This part could not be loaded</h2>
        <p>Check your connection, then try again.</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    )
  }
}
