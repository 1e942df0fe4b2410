import { useEffect, useState } from 'preact/hooks'
import { drafts } from '../chat/mailbox.ts'
import { socket } from '../net/socket.ts'
import { useValue } from '../state/value.ts'

/** In milliseconds: shorter breaks are nobody's business. */
const unnoticed = 1_500

/** Says so when the connection is gone, and what that means. */
export function ConnectionBanner() {
  const state = useValue(socket.state)
  const waiting = useValue(drafts).filter(({ refusal }) => refusal === undefined).length
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (state === 'connected') return setShown(false)
    const timer = setTimeout(() => setShown(true), state === 'offline' ? 0 : unnoticed)
    return () => clearTimeout(timer)
  }, [state])
  const kept = waiting === 0 ? '' : ` ${waiting} message${waiting === 1 ? ' waits' : 's wait'} here.`
  const words = state === 'offline' ? 'You are offline. What you write is sent when you are back.' : 'Connecting again…'
  return (
    <div class="banner" role="status" data-state={state}>
      {shown && state !== 'connected' && <p>{words + kept}</p>}
    </div>
  )
}
