import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { after, apply, before, compose, type Operation } from '../src/documents/text-operation.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people, type SignedIn } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'
import { startTestRedis, type TestRedis } from './support/redis.ts'
import { dialPlain, dialSocketIo, type Talker } from './support/talk.ts'

let postgres: TestPostgres
let redis: TestRedis
let url: string
let harbor: Instance
let other: Instance
let they: People
let ann: SignedIn
let bob: SignedIn

beforeAll(async () => {
  postgres = await startTestPostgres()
  redis = await startTestRedis()
  url = await postgres.database()
  const environment = { REDIS_URL: redis.url }
  harbor = await startInstance(url, { environment })
  other = await startInstance(url, { environment })
  they = people(harbor)
  ann = (await they.register('ann')).body
  bob = (await they.register('bob')).body
})

afterAll(async () => {
  await harbor?.close()
  await other?.close()
  await postgres?.stop()
  await redis?.stop()
})

async function makeDocument(title = 't'): Promise<string> {
  const { status, body } = await they.post<{ document: { id: string } }>(
    '/api/documents',
    { title },
    undefined,
    ann.token,
  )
  expect(status).toBe(201)
  return body.document.id
}

const read = async (id: string) =>
  (await they.get<{ version: number; content: string }>(`/api/documents/${id}`, ann.token)).body

interface DocumentOperation {
  readonly document_id: string
  readonly version: number
  readonly client_id: string | null
  readonly op: Operation
}

/** What an editor does: one operation under way, the rest waits and is composed. */
class Editor {
  content = ''
  version = 0
  #sent: { readonly id: string; op: Operation } | undefined
  #waiting: Operation = []
  #count = 0
  readonly #name: string
  readonly #document: string
  readonly #talker: Talker
  #settled: () => void = () => undefined

  constructor(name: string, document: string, talker: Talker) {
    this.#name = name
    this.#document = document
    this.#talker = talker
    talker.on('doc:op', (operation: DocumentOperation) => this.#receive(operation))
  }

  async open(): Promise<void> {
    const { version, content } = await this.#talker.ask('doc:open', { document_id: this.#document })
    this.version = version
    this.content = content
  }

  edit(op: Operation): void {
    this.content = apply(this.content, op)
    this.#waiting = compose([this.#waiting, op])
    this.#send()
  }

  /** Resolves when nothing is under way and everything up to `version` has come. */
  async reach(version: number): Promise<void> {
    while (this.version < version || this.#sent) {
      await new Promise<void>((resolve) => {
        this.#settled = resolve
      })
    }
  }

  #send(): void {
    if (this.#sent || this.#waiting.length === 0) return
    this.#sent = { id: `${this.#name}-${this.#count++}`, op: this.#waiting }
    this.#waiting = []
    void this.#talker.ask('doc:submit', {
      document_id: this.#document,
      version: this.version,
      op: this.#sent.op,
      client_id: this.#sent.id,
    })
  }

  #receive({ version, client_id, op }: DocumentOperation): void {
    expect(version).toBe(this.version + 1)
    this.version = version
    if (this.#sent && client_id === this.#sent.id) {
      this.#sent = undefined
      this.#send()
    } else {
      let theirs = op
      if (this.#sent) {
        const sent = this.#sent.op
        this.#sent.op = after(sent, theirs)
        theirs = before(theirs, sent)
      }
      const waiting = this.#waiting
      this.#waiting = after(waiting, theirs)
      this.content = apply(this.content, before(theirs, waiting))
    }
    this.#settled()
  }
}

it('makes, lists and gives documents', async () => {
  const id = await makeDocument('Plans')
  const list = await they.get<{ documents: { id: string; title: string }[] }>('/api/documents?limit=100', ann.token)
  expect(list.body.documents.find((each) => each.id === id)).toMatchObject({ title: 'Plans' })
  const again = await they.get('/api/documents?limit=100', ann.token, {
    'if-none-match': list.headers.get('etag') ?? '',
  })
  expect(again.status).toBe(304)
  expect(await read(id)).toMatchObject({ version: 0, content: '' })
  expect((await they.get(`/api/documents/${id}`)).status).toBe(401)
  expect((await they.get('/api/documents/00000000-0000-4000-8000-000000000000', ann.token)).status).toBe(404)
  expect((await they.get('/api/documents/x', ann.token)).status).toBe(400)
  expect((await they.post('/api/documents', { title: 'x', owner: 'me' }, undefined, ann.token)).status).toBe(400)
})

it('takes operations, tells them, and takes none twice', async () => {
  const id = await makeDocument()
  const a = await dialSocketIo(harbor.url, ann.token)
  const b = await dialPlain(other.url, bob.token)
  expect(await a.ask('doc:open', { document_id: id })).toMatchObject({ ok: true, version: 0, content: '' })
  await b.ask('doc:open', { document_id: id })
  const told = new Promise<DocumentOperation>((resolve) => b.on('doc:op', resolve))
  const submit = { document_id: id, version: 0, op: ['hello 👻'], client_id: 'first' }
  expect(await a.ask('doc:submit', submit)).toMatchObject({ ok: true, version: 1 })
  expect(await a.ask('doc:submit', submit)).toMatchObject({ ok: true, version: 1 })
  expect(await told).toMatchObject({
    document_id: id,
    version: 1,
    op: ['hello 👻'],
    client_id: 'first',
    user_id: ann.user.id,
  })
  expect(await b.ask('doc:submit', { document_id: id, version: 1, op: [7, '!'] })).toMatchObject({ version: 2 })
  expect(await read(id)).toMatchObject({ version: 2, content: 'hello 👻!' })
  const { body } = await they.get<{ operations: unknown[]; has_more: boolean }>(
    `/api/documents/${id}/operations?after=1`,
    ann.token,
  )
  expect(body).toMatchObject({ operations: [{ version: 2, op: [7, '!'], user_id: bob.user.id }], has_more: false })
  const cursor = new Promise((resolve) => a.on('cursor', resolve))
  await b.ask('cursor:move', { document_id: id, position: 3, anchor: 1 })
  expect(await cursor).toEqual({ document_id: id, user_id: bob.user.id, name: 'bob', position: 3, anchor: 1 })
  for (const op of [[100, 'x'], ['\0'], [{ d: 99 }], [-1], 'x', [{ d: 1, x: 1 }]]) {
    expect(await a.ask('doc:submit', { document_id: id, version: 2, op })).toMatchObject({ ok: false })
  }
  expect(await a.ask('doc:submit', { document_id: id, version: 9, op: ['x'] })).toMatchObject({ ok: false })
  a.close()
  b.close()
})

it('converges for 50 who write at once, over two instances', async () => {
  const id = await makeDocument()
  const users = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const talker = await (n % 2 ? dialPlain : dialSocketIo)(
        (n % 4 < 2 ? harbor : other).url,
        (n % 3 ? ann : bob).token,
      )
      const editor = new Editor(`e${n}`, id, talker)
      await editor.open()
      return { talker, editor }
    }),
  )
  const random = fc.sample(
    fc.tuple(fc.nat(), fc.nat(), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })),
    2_000,
  )
  for (const [turn, [who, where, text]] of random.entries()) {
    const { editor } = users[who % users.length] ?? users[0]!
    const length = [...editor.content].length
    const at = where % (length + 1)
    const keep = at > 0 ? [at] : []
    if (where % 3 === 0 && length - at > 1) editor.edit([...keep, { d: 1 + (where % Math.min(3, length - at)) }])
    else editor.edit([...keep, text.replaceAll('\0', ' ')])
    if (turn % 20 === 0) await new Promise(setImmediate)
  }
  for (const { editor } of users) await editor.reach(0)
  // A quick machine composes much of what was written: there have to be versions enough for a snapshot.
  const last = users[0]!.editor
  for (let { version } = await read(id); version < 300; version++) {
    await last.reach(version)
    last.edit(['x'])
    await last.reach(version + 1)
  }
  const { version, content } = await read(id)
  for (const { editor } of users) {
    await editor.reach(version)
    expect(editor.content).toBe(content)
  }
  for (const { talker } of users) talker.close()
  await withClient(url, async (client) => {
    const { rows } = await client.query('SELECT count(*)::int AS n FROM document_snapshots WHERE document_id = $1', [
      id,
    ])
    expect(rows[0].n).toBeGreaterThan(0)
  })
})

it('let a connection that asked for all at once open more documents than it may', async () => {
  const ids = await Promise.all(Array.from({ length: 101 }, () => makeDocument()))
  const talker = await dialPlain(harbor.url, ann.token)
  const answers = await Promise.all(ids.map((document_id) => talker.ask('doc:open', { document_id })))
  const refused = answers.filter(({ ok }) => !ok)
  expect(refused.map(({ error }) => error?.code)).toEqual(['too_many_requests'])
  const [open] = ids.filter((_, i) => answers[i]?.ok)
  expect(await talker.ask('doc:open', { document_id: open })).toMatchObject({ ok: true })
  talker.close()
})
