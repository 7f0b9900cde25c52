// A card in the shape of A2A 0.3, which most clients still speak. It has no signatures: they cover the shape of 1.0,
// and 0.3 does not say how its own would be made comparable.
import {
  AgentInterface,
  type AgentCard,
  type AgentExtension,
  type AgentSkill,
  type SecurityScheme,
} from '@a2a-js/sdk'

const LEGACY = '0.3'

/** Members named as on the wire. Clients of 1.0 that did not say so find their interfaces in it too. */
export function legacyCard(card: AgentCard): Record<string, unknown> {
  const [first, ...others] = card.supportedInterfaces.filter(
    ({ protocolVersion }) => protocolVersion === LEGACY,
  )
  if (first === undefined) throw new Error('the card names no interface for 0.3')
  const { capabilities, provider } = card
  return {
    name: card.name,
    description: card.description,
    version: card.version,
    protocolVersion: LEGACY,
    url: first.url,
    preferredTransport: first.protocolBinding,
    additionalInterfaces: others.map(({ url, protocolBinding: transport }) => ({ url, transport })),
    supportedInterfaces: card.supportedInterfaces.map(one => AgentInterface.toJSON(one)),
    ...(provider === undefined ? {} : { provider }),
    capabilities: {
      streaming: capabilities?.streaming ?? false,
      pushNotifications: capabilities?.pushNotifications ?? false,
      extensions: (capabilities?.extensions ?? []).map(extensionOf),
    },
    supportsAuthenticatedExtendedCard: capabilities?.extendedAgentCard ?? false,
    securitySchemes: Object.fromEntries(
      Object.entries(card.securitySchemes).map(([name, scheme]) => [name, schemeOf(scheme)]),
    ),
    security: card.securityRequirements.map(({ schemes }) =>
      Object.fromEntries(Object.entries(schemes).map(([name, { list }]) => [name, list])),
    ),
    defaultInputModes: card.defaultInputModes,
    defaultOutputModes: card.defaultOutputModes,
    skills: card.skills.map(skillOf),
  }
}

function extensionOf({ uri, description, required, params }: AgentExtension) {
  return { uri, description, required, ...(params === undefined ? {} : { params }) }
}

function skillOf({ id, name, description, tags, examples }: AgentSkill) {
  return { id, name, description, tags, examples }
}

function schemeOf({ scheme }: SecurityScheme) {
  if (scheme?.$case !== 'httpAuthSecurityScheme')
    throw new Error(`${scheme?.$case ?? 'nothing'} has no form in 0.3 here`)
  const { scheme: name, bearerFormat, description } = scheme.value
  return { type: 'http', scheme: name, bearerFormat, description }
}
