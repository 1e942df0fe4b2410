import { type as text } from 'ot-text-unicode'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { hueOf } from '../parts/avatar.ts'
import { useValue } from '../state/value.ts'
import type { OpenDocument } from './open-document.ts'
import { changeBetween, toCodePoints, toCodeUnits } from './text-change.ts'

/** In milliseconds. */
const cursorPause = 100

/** A plain text area, with the others' cursors over it. */
export function Editor({ document: shared, content }: { readonly document: OpenDocument; readonly content: string }) {
  const area = useRef<HTMLTextAreaElement>(null)
  const moving = useRef<ReturnType<typeof setTimeout>>(undefined)

  // What others write goes straight into the text area, so that the user's own selection can be kept where it belongs.
  useEffect(() => {
    shared.onTheirs = (op) => {
      const element = area.current
      if (!element) return
      const { value, selectionStart, selectionEnd, selectionDirection } = element
      const moved = [selectionStart, selectionEnd].map((at) => text.transformPosition(toCodePoints(value, at), op))
      element.value = text.apply(value, op)
      const [start, end] = moved.map((at) => toCodeUnits(element.value, at))
      element.setSelectionRange(start ?? 0, end ?? 0, selectionDirection)
    }
    return () => {
      shared.onTheirs = () => undefined
    }
  }, [shared])

  useLayoutEffect(() => {
    if (area.current && area.current.value !== content) area.current.value = content
  }, [content])

  useEffect(() => {
    const follow = () => document.activeElement === area.current && tellCursor()
    document.addEventListener('selectionchange', follow)
    return () => {
      document.removeEventListener('selectionchange', follow)
      clearTimeout(moving.current)
    }
  }, [shared])

  function tellCursor(): void {
    moving.current ??= setTimeout(() => {
      moving.current = undefined
      const element = area.current
      if (!element) return
      const at = (offset: number) => toCodePoints(element.value, offset)
      shared.moveCursor(at(element.selectionEnd), at(element.selectionStart))
    }, cursorPause)
  }

  return (
    <div class="sheet">
      <div class="page">
        <textarea
          ref={area}
          aria-label="Text of the document"
          placeholder="Write here. Everyone who has this document open sees it as you type."
          spellcheck
          onInput={({ currentTarget }) => {
            shared.edit(changeBetween(shared.content.current ?? '', currentTarget.value))
            tellCursor()
          }}
        />
        <Carets document={shared} content={content} />
      </div>
    </div>
  )
}

/** The same text, unseen, in the same places: so that the browser says where a cursor stands. */
function Carets({ document: shared, content }: { readonly document: OpenDocument; readonly content: string }) {
  const cursors = [...useValue(shared.cursors.all)].sort((one, other) => one.position - other.position)
  if (cursors.length === 0) return null
  let end = 0
  return (
    <div class="carets" aria-hidden="true">
      {cursors.map(({ user_id, name, position }) => {
        const at = Math.max(end, toCodeUnits(content, position))
        const between = content.slice(end, at)
        end = at
        return [
          between,
          <span key={user_id} class="caret" style={{ '--hue': String(hueOf(user_id)) }} data-name={name} />,
        ]
      })}
      {content.slice(end)}
    </div>
  )
}
