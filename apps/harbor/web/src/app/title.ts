import { read } from '../rooms/reading.ts'
import { joinedRooms, unreadIn } from '../rooms/rooms.ts'

const most = 99
let page = ''

/** The document's title: what waits to be read, and the page's name. */
export function titlePage(name?: string): void {
  page = name === undefined ? 'Harbor' : `${name} · Harbor`
  show()
}

/** @returns ends the counting */
export function countUnread(): () => void {
  const ends = [joinedRooms.watch(show), read.watch(show)]
  return () => {
    for (const end of ends) end()
  }
}

function show(): void {
  const unread = joinedRooms.current?.reduce((sum, room) => sum + unreadIn(room, read.current), 0) ?? 0
  document.title = unread === 0 ? page : `(${unread > most ? `${most}+` : unread}) ${page}`
}
