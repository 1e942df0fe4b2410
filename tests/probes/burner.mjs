// Told what to do by its arguments: `burn MS` works, `fork MS` has a child work and end, `listen` opens a port.
// Says a line when done, then stays until its input ends.
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'

const [what, amount = '0'] = process.argv.slice(2)

function burn(cpuMs) {
  const used = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  const until = used() + cpuMs
  while (used() < until);
}

async function obey(line) {
  const [verb, number = '0'] = line.split(' ')
  if (verb === 'burn') burn(Number(number))
  if (verb === 'fork') execFileSync(process.execPath, [import.meta.filename, 'once', number])
  if (verb === 'listen') {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    process.stdout.write(`${server.address().port}\n`)
    return
  }
  process.stdout.write('done\n')
}

if (what === 'once') burn(Number(amount))
else {
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (text) => {
    for (const line of text.split('\n').filter(Boolean)) void obey(line)
  })
}
