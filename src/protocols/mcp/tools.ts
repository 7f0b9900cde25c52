// The catalog of operations as MCP tools. Names, descriptions and schemas are fixed at start and come from the code
// alone: nothing a tenant wrote is ever part of them.
import {
  fromJsonSchema,
  type CallToolResult,
  type JsonSchemaValidator,
  type McpServer,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { missingScope } from '../../gate/authorize.ts'
import type { TenantPrincipal } from '../../gate/call.ts'
import type { Operation, TenantOperation } from '../../gate/operation.ts'
import { asFault } from '../../platform/faults.ts'
import { toolError } from './mcp-faults.ts'

export interface CallContext {
  readonly principal: TenantPrincipal
  readonly requestId: string
  readonly signal: AbortSignal
}

/** Runs an operation through the gate and answers its checked output; throws a Fault. */
export type RunForTenant = (
  operation: TenantOperation,
  rawInput: unknown,
  context: CallContext,
) => Promise<Record<string, unknown>>

export type Tool = ReturnType<typeof tool>
/** By name, in the order of the catalog, which is the order of every list. */
export type Tools = ReadonlyMap<string, Tool>

/** Converts the schemas, once: doing it for each request cost more than the rest of the call (mcp.md 3). */
export function toolsOf(catalog: readonly Operation[]): Tools {
  const offered = catalog
    .filter(operation => operation.realm === 'tenant')
    .filter(operation => operation.tool !== false)
  return new Map(offered.map(operation => [operation.name, tool(operation)]))
}

export function isAllowed({ operation }: Tool, principal: TenantPrincipal): boolean {
  return missingScope(operation, principal) === undefined
}

/** Registers a tool whose calls go through `run`. The callback never throws: the SDK would show the raw message. */
export function registerTool(
  server: McpServer,
  { operation, config }: Tool,
  run: RunForTenant,
  context: CallContext,
): void {
  server.registerTool(operation.name, config, async (input: unknown): Promise<CallToolResult> => {
    try {
      const output = await run(operation, input, context)
      return { structuredContent: output, content: [{ type: 'text', text: JSON.stringify(output) }] }
    } catch (error) {
      return toolError(asFault(error), context.requestId)
    }
  })
}

function tool(operation: TenantOperation) {
  const isWrite = operation.access === 'write'
  const config = {
    title: operation.title,
    description: operation.description,
    inputSchema: wireSchema(operation.input, 'input'),
    outputSchema: wireSchema(operation.output, 'output'),
    annotations: {
      title: operation.title,
      readOnlyHint: !isWrite,
      destructiveHint: isWrite && operation.destructive === true,
      idempotentHint: !isWrite,
      openWorldHint: false,
    },
  }
  return { operation, config }
}

/**
 * The schema as clients see it, with a validator that lets everything pass: the gate validates, after the limits, so
 * that malformed calls are counted, and says what is wrong in its own words.
 */
function wireSchema(schema: z.ZodObject, io: 'input' | 'output') {
  const jsonSchema = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  // MCP takes a schema that names no dialect for 2020-12.
  delete jsonSchema.$schema
  return fromJsonSchema(JSON.parse(JSON.stringify(jsonSchema)) as WireSchema, PASS_ALL)
}

type WireSchema = Parameters<typeof fromJsonSchema>[0]

export const PASS_ALL = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    input => ({ valid: true, data: input as T, errorMessage: undefined }),
}
