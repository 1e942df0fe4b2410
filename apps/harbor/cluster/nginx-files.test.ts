import { expect, it } from 'vitest'
import { instancesFile } from './nginx-files.ts'

it('names every instance in the groups of all, and in one of its own', () => {
  const text = instancesFile([
    { name: '1', address: '127.0.0.1:20001' },
    { name: 'b', address: 'harbor-b:3000' },
  ])
  const groups = [...text.matchAll(/upstream (\S+) \{([^}]*)\}/g)].map(([, name, body = '']) => [
    name,
    [...body.matchAll(/server (\S+) max_fails=0;/g)].map(([, address]) => address),
  ])
  const all = ['127.0.0.1:20001', 'harbor-b:3000']
  expect(groups).toEqual([
    ['harbor', all],
    ['harbor_kept', all],
    ['harbor_sockets', all],
    ['harbor_1', ['127.0.0.1:20001']],
    ['harbor_b', ['harbor-b:3000']],
  ])
})
