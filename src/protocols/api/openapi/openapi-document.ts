// The description of /api (OpenAPI 3.1), generated from the operations' own schemas: a program may be written against
// it without reading any of our code. It is the same for every reader and holds nothing of any tenant.
import type { Operation } from '../../../gate/operation.ts'
import { bodyLimitWords, operationPath } from './operation-path.ts'
import { problemResponses, problemSchema } from './problem-responses.ts'

export interface Described {
  readonly publicUrl: string
  readonly version: string
}

export function openApiDocument(
  catalog: readonly Operation[],
  { publicUrl, version }: Described,
): Record<string, unknown> {
  const paths = catalog.map(operation => [`/api/${operation.name}`, { post: operationPath(operation) }])
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Gatehouse',
      version,
      description: `Every operation is one POST with a JSON object; a refusal is a problem document (RFC 9457). ${bodyLimitWords}`,
    },
    servers: [{ url: publicUrl }],
    tags: [
      { name: 'tenant', description: 'For users of a tenant: the tenant is that of the credential.' },
      { name: 'deployment', description: 'For operators of the deployment.' },
    ],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: { Problem: problemSchema },
      responses: problemResponses,
    },
  }
}

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token for the audience "api", or an API key.',
  },
  operator: {
    type: 'http',
    scheme: 'bearer',
    description: 'An operator key. On the owner-only socket nothing is needed.',
  },
} as const
