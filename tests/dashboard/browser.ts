import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].filter((path) => path !== undefined)

/** Starts the machine's own Chromium; without one the tests fail and say how to get it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = candidates.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error(
      `The dashboard's tests need Chromium; looked for ${candidates.join(', ')}. ` +
        'Install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium) ' +
        'or set CHROMIUM to the path of a Chrome or Chromium.',
    )
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}
