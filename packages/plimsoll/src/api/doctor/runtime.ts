import type { Diagnosis } from './diagnosis.ts'

const LEAST = [20, 19] as const

export function checkNode(version: string = process.version): Diagnosis {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isNewEnough = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
  const found = `Node ${version}`
  if (isNewEnough) return { name: 'runtime', state: 'ok', found }
  return { name: 'runtime', state: 'bad', found, change: `Install Node ${LEAST.join('.')} or newer: nvm install --lts` }
}
