// What Lighthouse says of the built client: `node web/lighthouse.mjs http://127.0.0.1:3000`, with a harbor running there.
// Ends with 1 when a score is not above its target, or a figure not below its limit.
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { argv, env, exit } from 'node:process'
import lighthouse, { desktopConfig } from 'lighthouse'
import { chromium } from 'playwright-core'

const [url = 'http://127.0.0.1:3000'] = argv.slice(2)
const targets = { performance: 90, accessibility: 95, 'best-practices': 95, seo: 90 }
/** Milliseconds, but for the shift, which has no unit (seed 003). */
const limits = {
  'first-contentful-paint': 1_500,
  'largest-contentful-paint': 2_500,
  interactive: 5_000,
  // Of the first input nothing can be said without a person; how long the page is blocked stands for it.
  'max-potential-fid': 100,
  'cumulative-layout-shift': 0.1,
  // What Lighthouse has of the load event is as it was observed, without the slow network that it computes for the rest.
  load: 3_000,
}
const executablePath = [env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

const port = await freePort()
const browser = await chromium.launch({
  executablePath,
  args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu'],
})
let failed = false
try {
  for (const formFactor of ['mobile', 'desktop']) {
    const { lhr } = await lighthouse(
      url,
      { port, logLevel: 'error', onlyCategories: Object.keys(targets) },
      formFactor === 'desktop' ? desktopConfig : undefined,
    )
    console.log(formFactor)
    if (lhr.runtimeError) console.log(`  ${lhr.runtimeError.message}`)
    for (const [name, target] of Object.entries(targets)) {
      const score = Math.round((lhr.categories[name]?.score ?? 0) * 100)
      failed ||= score <= target
      console.log(`  ${name.padEnd(26)} ${score}  (above ${target})`)
    }
    const [observed] = lhr.audits.metrics?.details?.items ?? []
    for (const [name, limit] of Object.entries(limits)) {
      const value = name === 'load' ? observed?.observedLoad : lhr.audits[name]?.numericValue
      // Without a figure nothing is below its limit.
      failed ||= !(value < limit)
      console.log(`  ${name.padEnd(26)} ${value?.toFixed(value < 1 ? 3 : 0)}  (below ${limit})`)
    }
    for (const { id, score, title } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9) console.log(`  below 0.9: ${id}: ${title}`)
    }
  }
} finally {
  await browser.close()
}
exit(failed ? 1 : 0)

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address()
      server.close(() => resolve(free))
    })
  })
}
