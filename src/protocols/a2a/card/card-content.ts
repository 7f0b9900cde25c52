// What an agent card says, the same for everybody: who this is, where it is spoken to, what it can do and how callers
// show who they are. Nothing of a tenant, no model, no address but the public one.
import type { AgentCard, AgentExtension, AgentInterface, AgentSkill, SecurityScheme } from '@a2a-js/sdk'
import { issuerOf, resourceOf } from '../../../gate/tokens/audience.ts'
import { OUTPUT_MODES } from '../codec/output-modes.ts'

/** A workflow as others see it: a skill, on this wire. */
export interface CardWorkflow {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly examples: readonly string[]
  /** JSON Schema of what it is asked, for those who have been let in. */
  readonly inputSchema?: Readonly<Record<string, unknown>> | undefined
}

export interface CardContent {
  /** As clients reach this server. */
  readonly publicUrl: string
  readonly version: string
  readonly workflows: readonly CardWorkflow[]
  /** Announced to everybody. */
  readonly extensions: readonly AgentExtension[]
  /** The routing value that clients have to send back in every request; '' for none. */
  readonly tenant?: string
}

/** What messages may hold: the question, and the data that a skill takes beside it. */
const INPUT_MODES = ['text/plain', 'application/json']

export function cardContent({
  publicUrl,
  version,
  workflows,
  extensions,
  tenant = '',
}: CardContent): AgentCard {
  return {
    name: 'Gatehouse',
    description:
      "Answers questions from a customer's own documents, with citations that were checked. Each question is a durable task: it is followed live, outlives a lost connection, and is cancelled from anywhere.",
    provider: { organization: 'Gatehouse', url: issuerOf(publicUrl) },
    version,
    supportedInterfaces: interfacesOf(publicUrl, tenant),
    capabilities: {
      streaming: true,
      pushNotifications: false,
      extendedAgentCard: true,
      extensions: [...extensions],
    },
    securitySchemes: securitySchemes(),
    // Either of them.
    securityRequirements: ['accessToken', 'apiKey'].map(name => ({ schemes: { [name]: { list: [] } } })),
    defaultInputModes: [...INPUT_MODES],
    defaultOutputModes: [...OUTPUT_MODES],
    skills: workflows.map(skillOf),
    signatures: [],
  }
}

/** In order of preference; 0.3 stands on the same address as 1.0, by the A2A-Version header. */
function interfacesOf(publicUrl: string, tenant: string): AgentInterface[] {
  const url = resourceOf(publicUrl, 'a2a')
  return [
    { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0', tenant },
    { url: `${url}/rest`, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0', tenant },
    { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3', tenant },
  ]
}

/** Keys come in the same header as tokens and with the same word: as an API key scheme, clients would leave it out. */
function securitySchemes(): Record<string, SecurityScheme> {
  return {
    accessToken: bearer('JWT', 'An access token for this resource: Authorization: Bearer <token>.'),
    apiKey: bearer('Gatehouse API key', 'An API key of a tenant: Authorization: Bearer ghk_….'),
  }
}

function bearer(bearerFormat: string, description: string): SecurityScheme {
  return {
    scheme: { $case: 'httpAuthSecurityScheme', value: { scheme: 'Bearer', bearerFormat, description } },
  }
}

function skillOf({ name, title, description, tags, examples }: CardWorkflow): AgentSkill {
  return {
    id: name,
    name: title,
    description,
    tags: [...tags],
    examples: [...examples],
    inputModes: [],
    outputModes: [],
    securityRequirements: [],
  }
}
