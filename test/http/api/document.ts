/**
 * The OpenAPI document as a test holds the service to it.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import type { RunningApp } from '../../app.ts'
import { expectSafe } from '../../security/safe-answer.ts'
import { ApiClient, type JsonAnswer } from './client.ts'

export interface ApiDocument {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, DescribedOperation>>
  components: { schemas: Record<string, DescribedSchema> }
  'x-problems': Record<string, { status: number; title: string }>
}

export interface DescribedOperation {
  operationId: string
  security: object[]
  requestBody?: { content: Record<string, { schema: { $ref: string } }> }
  responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }>
}

export interface DescribedSchema {
  properties?: Record<string, { type: string; pattern?: string }>
  required?: string[]
}

export interface Operation extends DescribedOperation {
  method: string
  path: string
}

export async function readDocument(app: RunningApp): Promise<ApiDocument> {
  const { status, body } = await new ApiClient(app).send('GET', '/openapi.json')
  expect(status).toBe(200)
  return body as ApiDocument
}

export function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      ...{ path, method: method.toUpperCase() },
    })),
  )
}

/** The schema that an operation's body is described by. */
export function bodySchemaOf(document: ApiDocument, { requestBody }: Operation) {
  const ref = requestBody?.content['application/json']?.schema.$ref
  return ref === undefined ? null : (document.components.schemas[nameOf(ref)] ?? null)
}

/** Says of an answer whether it is one that the document has, and safe. */
export function createJudge(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'api', ...document })
  return function judge({ responses, operationId }: Operation, answer: JsonAnswer): void {
    expectSafe(answer)
    const described = responses[String(answer.status)]
    expect(described, `${operationId} answers ${answer.status}`).toBeDefined()
    const [[type, media] = []] = Object.entries(described?.content ?? {})
    if (type === undefined || media === undefined) return expect(answer.body).toBeNull()
    expect(answer.headers.get('Content-Type')?.split(';')[0]).toBe(type)
    const validate = ajv.getSchema(`api${media.schema.$ref}`)
    const valid = validate?.(answer.body)
    expect(valid, `${operationId}: ${ajv.errorsText(validate?.errors)}`).toBe(true)
  }
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
