// What a card says beyond the protocol's own members, as data-only extensions: nothing has to be sent to use them.
import type { AgentExtension } from '@a2a-js/sdk'
import { resourceOf } from '../../../gate/tokens/audience.ts'
import type { CardWorkflow } from './card-content.ts'

export interface CardLimits {
  /** Of the body of one request. */
  readonly maxBodyBytes: number
  /** Of one text part. */
  readonly maxTextCharacters: number
}

export function limitsExtension(publicUrl: string, limits: CardLimits): AgentExtension {
  return {
    uri: `${resourceOf(publicUrl, 'a2a')}/extensions/limits/v1`,
    description:
      'How much one request may hold. What a caller has left of its rates stands in the RateLimit headers.',
    required: false,
    params: { ...limits },
  }
}

/** The data part that each skill takes, by the skill's id, as JSON Schema. */
export function skillInputExtension(publicUrl: string, workflows: readonly CardWorkflow[]): AgentExtension {
  const described = workflows.flatMap(({ name, inputSchema }) =>
    inputSchema === undefined ? [] : [[name, inputSchema] as const],
  )
  return {
    uri: `${resourceOf(publicUrl, 'a2a')}/extensions/skill-input/v1`,
    description:
      'What the data part of a message may hold, by skill; the text of the message is its question.',
    required: false,
    params: Object.fromEntries(described),
  }
}
