import { useEffect, useState } from 'preact/hooks'
import { reasonOf } from '../app/reason.ts'
import { go } from '../app/router.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useValue } from '../state/value.ts'
import { createRoom, findRooms, joinedRooms, joinRoom, type Room } from './rooms.ts'

export function RoomDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [found, setFound] = useState<readonly Room[]>()
  const [problem, setProblem] = useState('')
  const joined = new Set(useValue(joinedRooms)?.map(({ id }) => id))
  useEffect(() => {
    findRooms().then(setFound, (error: Error) => setProblem(error.message))
  }, [])

  async function enter(make: () => Promise<string>): Promise<void> {
    try {
      go(`/rooms/${await make()}`)
      onClose()
    } catch (error) {
      setProblem(reasonOf(error))
    }
  }

  const wanted = name.trim().toLowerCase()
  const others = found?.filter((room) => !joined.has(room.id) && room.name.toLowerCase().includes(wanted))
  return (
    <Dialog title="Find or create a room" onClose={onClose}>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted !== '') void enter(async () => (await createRoom(name.trim(), 'room')).id)
        }}
      >
        <input
          aria-label="Name of the room"
          placeholder="Name of the room"
          maxLength={100}
          autoFocus
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" class="button primary" disabled={wanted === ''}>
          Create
        </button>
      </form>
      <div role="alert" class="problem">
        {problem}
      </div>
      <h3>Rooms you can join</h3>
      {others?.length === 0 && <p class="quiet small">None{wanted && ' of that name'}.</p>}
      <ul class="rooms-found">
        {others?.map((room) => (
          <li key={room.id}>
            <span>{room.name}</span>
            <button
              type="button"
              class="button"
              aria-label={`Join ${room.name}`}
              onClick={() => void enter(() => joinRoom(room.id).then(() => room.id))}
            >
              Join
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
