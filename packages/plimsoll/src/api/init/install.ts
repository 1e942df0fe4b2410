import { spawn } from 'node:child_process'
import type { Project } from './project.ts'

const words = {
  npm: ['npm', 'install', '--save-dev', 'plimsoll'],
  pnpm: ['pnpm', 'add', '--save-dev', 'plimsoll'],
  yarn: ['yarn', 'add', '--dev', 'plimsoll'],
  bun: ['bun', 'add', '--dev', 'plimsoll'],
} as const

/** The command that makes the types of `import … from 'plimsoll'` known to an editor. */
export const installCommand = ({ packageManager }: Pick<Project, 'packageManager'>): string =>
  words[packageManager].join(' ')

/** Runs that command in the project's folder; what it prints is shown. True when it succeeded. */
export async function installLibrary({
  folder,
  packageManager,
}: Pick<Project, 'folder' | 'packageManager'>): Promise<boolean> {
  const [command, ...args] = words[packageManager]
  const child = spawn(command, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
