import { useEffect, useRef, useState } from 'preact/hooks'
import { toast, toastError } from '../app/toasts.tsx'
import { Icon } from '../parts/icon.tsx'
import { tellPresence } from '../rooms/presence.ts'
import { fileText } from './file-text.ts'
import { write } from './mailbox.ts'
import { mostLength } from './message.ts'
import { makeThumbnail } from './thumbnail.ts'
import { mostBytes, type StoredFile, upload } from './upload.ts'

/** In milliseconds: how often typing is told. */
const typingPause = 3_000

interface Sending {
  readonly name: string
  readonly share: number
  readonly abort: AbortController
}

/** Where one writes; Enter sends, Shift and Enter begin a new line. What was not sent is there again on coming back. */
export function Composer({ roomId, roomName }: { readonly roomId: string; readonly roomName: string }) {
  const unsent = `harbor-unsent:${roomId}`
  const [text, setText] = useState(() => sessionStorage.getItem(unsent) ?? '')
  const [sending, setSending] = useState<Sending>()
  const area = useRef<HTMLTextAreaElement>(null)
  const toldAt = useRef(0)

  // Not where that would bring up a keyboard on the screen.
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) area.current?.focus()
  }, [])

  function change(next: string): void {
    setText(next)
    sessionStorage.setItem(unsent, next)
    if (next === '' || Date.now() - toldAt.current < typingPause) return
    toldAt.current = Date.now()
    tellPresence('typing')
  }

  function send(): void {
    if (text.trim() === '') return
    write(roomId, text.trim())
    change('')
    toldAt.current = 0
    tellPresence('online')
    area.current?.focus()
  }

  async function attach(file: File | undefined): Promise<void> {
    if (file === undefined || sending) return
    if (file.size > mostBytes) return toast(`${file.name} is larger than 25 MB.`)
    const abort = new AbortController()
    const progress = (share: number) => setSending({ name: file.name, share, abort })
    progress(0)
    try {
      const stored = await upload(file, roomId, progress, abort.signal)
      const thumbnail = await sendThumbnail(file, stored, abort.signal)
      write(roomId, fileText({ ...stored, ...(thumbnail && { thumbnail }) }))
    } catch (error) {
      toastError(error)
    } finally {
      setSending(undefined)
    }
  }

  /** Without one the image itself is shown small. */
  async function sendThumbnail(file: File, { width, height }: StoredFile, signal: AbortSignal) {
    const made = width && height ? await makeThumbnail(file, { width, height }) : undefined
    if (made === undefined) return undefined
    return (await upload(made, roomId, () => undefined, signal).catch(() => undefined))?.id
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void attach(event.dataTransfer?.files[0])
      }}
    >
      {sending && (
        <div class="upload">
          <span>{sending.name}</span>
          <progress value={sending.share} aria-label={`Sending ${sending.name}`} />
          <button type="button" class="link" onClick={() => sending.abort.abort()}>
            Cancel
          </button>
        </div>
      )}
      <label class="icon-button" title="Attach a file">
        <Icon name="attach" />
        <input
          type="file"
          class="sr-only"
          aria-label="Attach a file"
          onChange={({ currentTarget }) => {
            void attach(currentTarget.files?.[0])
            currentTarget.value = ''
          }}
        />
      </label>
      <textarea
        ref={area}
        rows={1}
        maxLength={mostLength}
        value={text}
        aria-label={`Message to ${roomName}`}
        placeholder={`Message to ${roomName}`}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onPaste={(event) => {
          const { files, types } = event.clipboardData ?? {}
          // Tables come as text and as an image of it.
          if (files?.[0] === undefined || types?.includes('text/plain')) return
          event.preventDefault()
          void attach(files[0])
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <button type="submit" class="icon-button primary" aria-label="Send" disabled={text.trim() === ''}>
        <Icon name="send" />
      </button>
    </form>
  )
}
