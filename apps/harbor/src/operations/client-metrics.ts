import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Counter, Histogram, type Registry } from 'prom-client'
import { Type } from 'typebox'
import { ErrorAnswer } from '../http/openapi.ts'
import { ClientError, LineBudget, type PlaceMap, withoutPersonalData } from './client-errors.ts'

const Milliseconds = Type.Number({ minimum: 0, maximum: 600_000 })
const Few = Type.Integer({ minimum: 0, maximum: 1_000 })

/** What a page of the web client saw since it last told. All of it is hearsay: good for a graph, for no decision. */
const ClientReport = Type.Object(
  {
    page: Type.Optional(
      Type.Object(
        {
          first_contentful_paint: Type.Optional(Milliseconds),
          largest_contentful_paint: Type.Optional(Milliseconds),
          load: Type.Optional(Milliseconds),
          layout_shift: Type.Number({ minimum: 0, maximum: 100 }),
        },
        { additionalProperties: false, description: 'Once for each page, when it is first hidden.' },
      ),
    ),
    errors: Few,
    texts: Type.Optional(Type.Array(ClientError, { maxItems: 5, description: 'Of some of the errors.' })),
    latencies: Type.Array(Milliseconds, { maxItems: 100, description: 'Of acknowledgements over the WebSocket.' }),
    resources: Type.Object({ cached: Few, fetched: Few }, { additionalProperties: false }),
  },
  { additionalProperties: false },
)

const pageTimes = [100, 250, 500, 1000, 1500, 2500, 4000, 6000, 10_000, 30_000]
const latencies = [5, 10, 20, 30, 50, 80, 100, 150, 250, 500, 1000, 2500, 5000]
const shifts = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1]

const linesPerMinute = 60

/** `POST /api/client-metrics`: what browsers saw, into metrics of this instance, and the texts of errors into its log. Labels are fixed, whatever is sent. */
export function clientMetrics(registry: Registry, places: PlaceMap): FastifyPluginAsyncTypebox {
  const registers = [registry]
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `client_${name}`, help, buckets, registers })
  const firstPaint = histogram('first_contentful_paint_ms', 'As browsers saw it.', pageTimes)
  const largestPaint = histogram('largest_contentful_paint_ms', 'As browsers saw it.', pageTimes)
  const load = histogram('page_load_ms', 'From the navigation to the end of the load event.', pageTimes)
  const shift = histogram('layout_shift', 'Cumulative, of a page until it is first hidden.', shifts)
  const latency = histogram('message_latency_ms', 'From sending over the WebSocket to the acknowledgement.', latencies)
  const errors = new Counter({ name: 'client_errors_total', help: 'Errors that no script caught.', registers })
  const budget = new LineBudget(linesPerMinute)
  const resources = new Counter({
    name: 'client_resources_total',
    help: 'Files and answers that pages used, by where they came from.',
    labelNames: ['from'] as const,
    registers,
  })

  return async (app) => {
    app.post(
      '/api/client-metrics',
      {
        bodyLimit: 8 * 1024,
        schema: { tags: ['operations'], body: ClientReport, response: { 204: Type.Null(), '4xx': ErrorAnswer } },
      },
      async ({ body, log }, reply) => {
        const { page } = body
        if (page?.first_contentful_paint !== undefined) firstPaint.observe(page.first_contentful_paint)
        if (page?.largest_contentful_paint !== undefined) largestPaint.observe(page.largest_contentful_paint)
        if (page?.load !== undefined) load.observe(page.load)
        if (page) shift.observe(page.layout_shift)
        errors.inc(body.errors)
        for (const { message, place, version } of body.texts ?? []) {
          if (!budget.take(Date.now())) break
          const clientError = { message: withoutPersonalData(message), place: await places.map(place), version }
          log.warn({ clientError }, 'a browser met an error')
        }
        for (const each of body.latencies) latency.observe(each)
        resources.inc({ from: 'cache' }, body.resources.cached)
        resources.inc({ from: 'network' }, body.resources.fetched)
        return reply.code(204).send(null)
      },
    )
  }
}
