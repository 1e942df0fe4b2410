// A small shop to put under load: a catalogue that is quick, a search that is sometimes slow, orders that may conflict.
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const items = Array.from({ length: 200 }, (_, id) => ({ id, name: `item ${id}`, price: 100 + ((id * 37) % 900) }))
const orders = new Set()

/** Log-normal around a median, like most waits. */
const wait = (median) =>
  delay(median * Math.exp(0.5 * Math.sqrt(-2 * Math.log(Math.random())) * Math.cos(6.283 * Math.random())))

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://shop')
  const item = /^\/items\/(\d+)$/.exec(pathname)
  if (pathname === '/health') return [200, { status: 'ok' }]
  if (item !== null) {
    await wait(2)
    const found = items[Number(item[1])]
    return found === undefined ? [404, { error: 'no such item' }] : [200, found]
  }
  if (pathname === '/search') {
    await wait(Math.random() < 0.02 ? 80 : 6)
    const words = searchParams.get('q') ?? ''
    return [200, { items: items.filter(({ name }) => name.includes(words)).slice(0, 20) }]
  }
  if (pathname === '/orders' && request.method === 'POST') {
    let text = ''
    for await (const piece of request) text += piece
    const { order_id } = JSON.parse(text)
    await wait(8)
    if (orders.has(order_id)) return [409, { error: 'ordered already' }]
    orders.add(order_id)
    return [201, { order_id }]
  }
  return [404, { error: 'nothing here' }]
}

async function reply(request, response) {
  const [status, body] = await answer(request).catch((error) => [400, { error: error.message }])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

createServer((request, response) => void reply(request, response)).listen(Number(process.env.PORT), '127.0.0.1')
