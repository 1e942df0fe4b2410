import { useRef, useState } from 'preact/hooks'
import { reasonOf } from '../app/reason.ts'
import { Dialog } from '../parts/dialog.tsx'
import { writeDirect } from '../rooms/rooms.ts'
import { newClientId } from '../state/client-id.ts'
import { mostLength } from './message.ts'

interface Props {
  readonly userId: string
  readonly name: string
  readonly onSent: (roomId: string) => void
  readonly onClose: () => void
}

/** A direct room begins with its first message. */
export function DirectDialog({ userId, name, onSent, onClose }: Props) {
  const [content, setContent] = useState('')
  const [problem, setProblem] = useState('')
  const [sending, setSending] = useState(false)
  // The same for each try: an answer that was lost must not send it twice.
  const clientId = useRef(newClientId())

  async function send(): Promise<void> {
    setSending(true)
    try {
      onSent(await writeDirect(userId, content.trim(), clientId.current))
    } catch (error) {
      setProblem(reasonOf(error))
      setSending(false)
    }
  }

  return (
    <Dialog title={`Write to ${name} alone`} onClose={onClose}>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (content.trim() !== '') void send()
        }}
      >
        <input
          aria-label={`Message to ${name}`}
          placeholder={`Message to ${name}`}
          maxLength={mostLength}
          autoFocus
          value={content}
          onInput={({ currentTarget }) => setContent(currentTarget.value)}
        />
        <button type="submit" class="button primary" disabled={sending || content.trim() === ''}>
          Send
        </button>
      </form>
      <div role="alert" class="problem">
        {problem}
      </div>
    </Dialog>
  )
}
