/** The JSON API described (OpenAPI 3.1), from the schemas that check it. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema'
import type { Config } from '../../config.ts'
import { createPaths } from '../../paths.ts'
import { version } from '../../version.ts'
import { cookieName } from '../cookies.ts'
import { type Operation, operations, problemsOf } from './operations.ts'
import { problems } from './problem.ts'
import { type SchemaName, schemas } from './schemas.ts'

/** The document, with the absolute URL that its paths are below. */
export function describeApi(config: Config) {
  const base = createPaths(config.publicUrl).absolute.api
  return {
    openapi: '3.1.0',
    info: { title: config.appName, version, description },
    servers: [{ url: base }],
    paths: describePaths(),
    components: { schemas: describeSchemas(), securitySchemes: describeSchemes(config) },
    'x-problems': problems,
  }
}

const description = `Accounts and recovery: the same rules, limits and silence as the pages.
Errors are problem details (RFC 9457); their types are listed under x-problems.`

function describeSchemes(config: Config) {
  const cookie = {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName('session', config),
    description: 'The session of a browser; from our own pages only',
  }
  return { bearer: { type: 'http', scheme: 'bearer' }, cookie }
}

function describeSchemas() {
  return toJsonSchemaDefs(schemas, {
    target: 'draft-2020-12',
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  })
}

function describePaths() {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) }
  }
  return paths
}

function describe(operation: Operation) {
  const { id, path, summary, body, session } = operation
  return {
    operationId: id,
    summary,
    security: session === undefined ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(path.includes('{id}') && { parameters: [sessionId] }),
    ...(body !== undefined && { requestBody: { required: true, content: jsonOf(body) } }),
    responses: describeResponses(operation),
  }
}

const sessionId = { name: 'id', in: 'path', required: true, schema: refTo('Id') }

function describeResponses(operation: Operation) {
  const { summary, answer } = operation
  const refusals = Map.groupBy(problemsOf(operation), (reason) => problems[reason].status)
  return {
    [answer.status]: {
      description: summary,
      ...(answer.holds !== undefined && { content: jsonOf(answer.holds) }),
    },
    ...Object.fromEntries(
      [...refusals].map(([status, reasons]) => [
        status,
        problemAnswer(reasons.map((reason) => problems[reason].title).join('. '), status),
      ]),
    ),
    default: problemAnswer('The service failed', 500),
  }
}

function problemAnswer(text: string, status: number) {
  return {
    description: text,
    ...((status === 429 || status === 503) && { headers: { 'Retry-After': retryAfter } }),
    content: { 'application/problem+json': { schema: refTo('Problem') } },
  }
}

const retryAfter = { description: 'In seconds', schema: { type: 'integer', minimum: 1 } }

function jsonOf(name: SchemaName) {
  return { 'application/json': { schema: refTo(name) } }
}

function refTo(name: SchemaName) {
  return { $ref: `#/components/schemas/${name}` }
}
