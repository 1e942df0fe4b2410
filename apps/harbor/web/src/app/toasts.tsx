import { useValue, Value } from '../state/value.ts'
import { reasonOf } from './reason.ts'

interface Toast {
  readonly id: number
  readonly text: string
}

/** In milliseconds: long enough to be read. */
const shown = 6_000

const toasts = new Value<readonly Toast[]>([])
let ids = 0

const dismiss = (gone: number) => toasts.set(toasts.current.filter(({ id }) => id !== gone))

export function toast(text: string): void {
  const id = ++ids
  toasts.set([...toasts.current.slice(-2), { id, text }])
  setTimeout(() => dismiss(id), shown)
}

/** Says in a toast why something that the user asked for did not happen. */
export function toastError(error: unknown): void {
  toast(reasonOf(error))
}

export function Toasts() {
  const all = useValue(toasts)
  return (
    <div class="toasts" role="status">
      {all.map(({ id, text }) => (
        <div class="toast" key={id}>
          <span>{text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  )
}
