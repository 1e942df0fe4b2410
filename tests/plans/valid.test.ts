import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from '../support/plimsoll.ts'

const folder = fileURLToPath(new URL('../../plans', import.meta.url))
const plans = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.plan.ts'))

describe('plimsoll validate', () => {
  it.each(plans)('has nothing against %s', async (name) => {
    const { code, stdout, stderr } = await run(tmpdir(), 'validate', join(folder, name))
    expect(`${stdout}${stderr}`).toContain('is a valid plan')
    expect(code).toBe(0)
  })
})
