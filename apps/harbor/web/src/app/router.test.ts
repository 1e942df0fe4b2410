import { beforeAll, expect, test, vi } from 'vitest'

beforeAll(() => void vi.stubGlobal('location', { pathname: '/' }))

test('the pages and their addresses', async () => {
  const { routeOf } = await import('./router.ts')
  expect(routeOf('/')).toEqual({ page: 'home' })
  expect(routeOf('/rooms')).toEqual({ page: 'home' })
  expect(routeOf('/rooms/7')).toEqual({ page: 'room', id: '7' })
  expect(routeOf('/documents')).toEqual({ page: 'documents' })
  expect(routeOf('/documents/7')).toEqual({ page: 'document', id: '7' })
  for (const path of ['/rooms/7/8', '/api/health', '/nowhere', '/sign-in/x']) {
    expect(routeOf(path)).toEqual({ page: 'lost' })
  }
})
