import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fold } from '../../packages/plimsoll/src/record/fold.ts'
import { listRuns } from '../../packages/plimsoll/src/store/list-runs.ts'
import { readRun } from '../../packages/plimsoll/src/store/read-run.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-killed-'))
const script = join(root, 'writer.mjs')
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(async () => {
  await build({
    stdin: {
      contents: `
        import { RunWriter } from './store/run-writer.ts'
        import { writeOutput } from './store/write-output.ts'
        import { RunBuilder } from './record/testing.ts'
        const writer = RunWriter.create(process.argv[2], {
          startedAt: new Date(), plan: 'killed', profile: 'smoke',
          onTrouble: (error) => { console.log('trouble: ' + error.message + ' → ' + error.hint) },
        })
        const builder = new RunBuilder()
        let next = 0
        for (let i = 0; i < Number(process.argv[3]); i++) {
          builder.interval({ series: [{ values: [i, 2 * i] }, { scope: 'endpoint', name: 'GET /', values: [i] }] })
          for (; next < builder.events.length; next++) writer.append(builder.events[next])
          if (i === 20) console.log('going')
        }
        writer.close()
        try {
          writeOutput(writer.path('report.html'), 'x'.repeat(1e6))
        } catch (error) {
          console.log('report: ' + error.message)
        }
        console.log('done')
      `,
      resolveDir: join(import.meta.dirname, '../../packages/plimsoll/src'),
      loader: 'ts',
    },
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
})

describe('a writer that ends badly', () => {
  it('leaves a readable run when it is killed while it writes', async () => {
    const dir = join(root, 'killed')
    const child = spawn(process.execPath, [script, dir, '1000000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const [run] = listRuns(dir)
    const record = fold(readRun(run?.folder ?? ''))
    expect(record.ended).toBeUndefined()
    expect(record.totals.requests).toBeGreaterThanOrEqual(40)
    expect(record.totals.requests).toBe((record.duration / 1000) * 2)
  })

  it('goes on and says so once when a file may not grow', async () => {
    const dir = join(root, 'limited')
    // A limit on the size of files stands in for a full disk: the write fails in the middle of a line.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`
    const child = spawn('sh', ['-c', limited, process.execPath, script, dir, '2000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    await once(child, 'close')
    const sentence = 'cannot write .*: the file would be larger than allowed here'
    expect(output).toMatch(new RegExp(`^going\ntrouble: ${sentence} → .*\nreport: ${sentence}\ndone\n$`))
    const [run] = listRuns(dir)
    const notes: string[] = []
    const record = fold(readRun(run?.folder ?? '', (note) => notes.push(note)))
    expect(notes).toEqual([])
    // Half a report would look like a whole one.
    expect(readdirSync(run?.folder ?? '').sort()).toEqual(['events.ndjson', 'histograms.hlog'])
    expect(record.totals.requests).toBeGreaterThanOrEqual(20)
  })
})
