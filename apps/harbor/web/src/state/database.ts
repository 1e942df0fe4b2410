const drafts = 'drafts'
const kept = 'kept'

let opened: Promise<IDBDatabase> | undefined
let name = ''

/** The user's own database in this browser; what another user kept is in another. */
export function openDatabase(userId: string): void {
  name = `harbor-${userId}`
  opened = undefined
}

/** Removes all that the user kept here. */
export async function removeDatabase(): Promise<void> {
  const [going, goingName] = [opened, name]
  // From here on nothing more is kept: what is still being closed would make it anew.
  opened = undefined
  name = ''
  const database = await going?.catch(() => undefined)
  database?.close()
  if (goingName !== '') await settled(indexedDB.deleteDatabase(goingName)).catch(() => undefined)
}

/** Drafts, in the order of their client ids, which is the order in which they were written. */
export const draftTable = {
  load: async <T>(): Promise<readonly T[]> => (await inStore(drafts, 'readonly', (store) => store.getAll())) as T[],
  put: async (draft: object): Promise<void> => void (await inStore(drafts, 'readwrite', (store) => store.put(draft))),
  remove: async (clientId: string): Promise<void> => {
    await inStore(drafts, 'readwrite', (store) => store.delete(clientId))
  },
}

/** What is shown until the server answers, and when it cannot. Nothing depends on it: a failure reads as "nothing kept". */
export const keptValues = {
  get: <T>(key: string): Promise<T | undefined> =>
    inStore(kept, 'readonly', (store) => store.get(key) as IDBRequest<T | undefined>).catch(() => undefined),
  set: (key: string, value: unknown): void => {
    inStore(kept, 'readwrite', (store) => store.put(value, key)).catch(() => undefined)
  },
  remove: (key: string): void => {
    inStore(kept, 'readwrite', (store) => store.delete(key)).catch(() => undefined)
  },
}

async function inStore<T>(
  storeName: string,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  if (name === '') throw new Error('nobody is signed in')
  opened ??= open()
  return settled(ask((await opened).transaction(storeName, mode).objectStore(storeName)))
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(drafts, { keyPath: 'client_id' })
    request.result.createObjectStore(kept)
  }
  return settled(request).then((database) => {
    // Another page of this browser removes it, on signing out.
    database.onversionchange = () => database.close()
    return database
  })
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
