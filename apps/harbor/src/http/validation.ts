import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import { type TSchema, Type } from 'typebox'

/**
 * Requests are taken as they are: no value is converted in a body, no unknown field is dropped, no default hides a
 * wrong value. Texts in queries and paths become whole numbers where the schema says so, when they are written as such.
 */
export function validateStrictly(app: FastifyInstance): void {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: false, removeAdditional: false, strict: true })
  const compile: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
    const validate = ajv.compile(schema)
    return httpPart === 'querystring' || httpPart === 'params' ? withIntegers(schema, validate) : validate
  }
  app.setValidatorCompiler(compile)
}

function withIntegers(schema: TSchema, validate: ValidateFunction): ValidateFunction {
  const properties = 'properties' in schema ? (schema.properties as Record<string, { type?: string }>) : {}
  const integers = Object.keys(properties).filter((name) => properties[name]?.type === 'integer')
  const convert = (data: Record<string, unknown>): boolean => {
    for (const name of integers) {
      const value = data[name]
      if (typeof value === 'string' && /^-?\d{1,16}$/.test(value)) data[name] = Number(value)
    }
    const valid = validate(data)
    convert.errors = validate.errors
    return valid
  }
  convert.errors = validate.errors
  return convert as unknown as ValidateFunction
}

/** Text that Postgres can keep and every client can read back: well-formed Unicode without NUL. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** A short text: an id, a name. */
export const Label = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 255, description, examples: [example] })

/** A whole number in a query. */
export const QueryInteger = (minimum: number, maximum: number, options: { default?: number; description: string }) =>
  Type.Integer({ minimum, maximum, ...options })
