import { Type } from 'typebox'

/** An id as harbor writes it: in lower case, so that there is one way to write it. */
export const Uuid = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description })
