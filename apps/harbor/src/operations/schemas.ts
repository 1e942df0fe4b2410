import { Type } from 'typebox'

export const Alive = Type.Object({ status: Type.Literal('ok') })

export const Ready = Type.Object({
  status: Type.Literal('ready'),
  checks: Type.Record(Type.String(), Type.Literal('ok')),
})

export const Health = Type.Object({
  status: Type.Literal('ok'),
  uptime: Type.Number({ description: 'In seconds.' }),
  memory: Type.Number({ description: 'Resident, in MB.' }),
})

const Count = Type.Integer({ minimum: 0 })

export const DatabaseHealth = Type.Object({
  status: Type.Literal('ok'),
  latency: Type.Number({ description: 'Of a statement, in milliseconds.' }),
  connections: Type.Object({ open: Count, active: Count, waiting: Count, most: Count }),
})

export const PerformanceRows = Type.Object({
  metrics: Type.Array(
    Type.Object({
      timestamp: Type.String({ format: 'date-time', description: 'When the minute began.' }),
      requests: Type.Object({
        total: Count,
        successful: Count,
        failed: Type.Integer({ minimum: 0, description: 'Answered with 500 or above.' }),
        errorRate: Type.Number({ description: 'In percent.' }),
      }),
      latency: Type.Object(
        { mean: Type.Number(), p50: Type.Number(), p95: Type.Number(), p99: Type.Number() },
        { description: 'In milliseconds.' },
      ),
      redis: Type.Object({ operations: Count, latency: Type.Number(), errors: Count }),
      system: Type.Object({
        memory: Type.Number({ description: 'Resident, in MB.' }),
        cpu: Type.Number({ description: 'In percent of a core.' }),
        activeConnections: Count,
      }),
    }),
  ),
})
