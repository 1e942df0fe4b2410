import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'

/** The schema of every error answer, for routes to name under their statuses. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      details: Type.Array(Type.Object({ path: Type.Optional(Type.String()), message: Type.String() })),
    }),
  },
  { description: 'Every error has this form.' },
)

/** The contract of all routes made after this call, as OpenAPI 3.1 at `/api/docs`. */
export async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Harbor',
        version: '0.1.0',
        description: 'The reference backend of Plimsoll. See docs/harbor.md.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token of a sign-in, or the harbor_session cookie.',
          },
          enrollment: { type: 'http', scheme: 'bearer', description: 'The enrollment_token of POST /device/enroll.' },
        },
      },
    },
  })
  app.get('/api/docs', { schema: { hide: true } }, () => app.swagger())
}
