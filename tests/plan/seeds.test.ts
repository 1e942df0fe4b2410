import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

const page = read('docs/seeds.md')
const rows = page
  .slice(page.indexOf('\n## Seed '))
  .split('\n')
  .map((text) => /^\| (.+?) \| (.+) \|$/.exec(text) ?? [])
  .flatMap(([, line, proof]) => (line && proof && line !== 'line' && line !== '---' ? [{ line, proof }] : []))
const proven = rows.filter(({ proof }) => !proof.startsWith('not yet: '))

describe('docs/seeds.md', () => {
  it('counts its rows right', () => {
    const counts = /\| rows \| proven \| not yet \|\n.*\n\| (\d+) \| (\d+) \| (\d+) \|/.exec(page)?.slice(1).map(Number)
    expect(rows.length).toBeGreaterThan(0)
    expect(counts).toEqual([rows.length, proven.length, rows.length - proven.length])
  })

  it.each(proven.map(({ line, proof }) => [line, proof]))('has a proof that is there: %s', (_line, proof) => {
    const named = [...proof.matchAll(/`([^`]*\/[^`]*)`((?:,? "[^"]+")*)/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, path = '', texts = ''] of named) {
      const content = read(path)
      for (const [, text = ''] of texts.matchAll(/"([^"]+)"/g)) expect(content, path).toContain(text)
    }
  })
})
