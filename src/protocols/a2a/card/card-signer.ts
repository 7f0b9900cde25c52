// Signs agent cards with the key that signs tokens (A2A 1.0.1, 8.4: a detached JWS over the card in RFC 8785 form), so
// that whoever knows our JWKS knows that a card is ours. Once per key and content, never per request.
import {
  AgentCard,
  canonicalizeAgentCard,
  generateAgentCardSignature,
  type AgentCardSignature,
} from '@a2a-js/sdk'
import type { webcrypto } from 'node:crypto'
import { TOKEN_ALGORITHM } from '../../../gate/tokens/access-token.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'

/** Answers the card with its signature, or as it is where this process cannot sign. */
export type SignCard = (card: AgentCard) => Promise<AgentCard>

export interface CardSignerOptions {
  /** The name of the key that signs now; undefined when there is none. */
  readonly activeKid: () => string | undefined
  /** Its private half; undefined when this host does not have it. */
  readonly privateKey: (kid: string) => Promise<webcrypto.CryptoKey | undefined>
  /** Where its public half is found. */
  readonly jwksUrl: string
  readonly log: Pick<Logger, 'warn'>
}

type Signatures = Map<string, Promise<AgentCardSignature[]>>

/** One for the public card, the others for tenants that asked for theirs. */
const MAX_SIGNATURES = 1_000

export function cardSigner({ activeKid, privateKey, jwksUrl, log }: CardSignerOptions): SignCard {
  const keyOf = keyReader({ privateKey, log })
  let current:
    | { kid: string; key: Promise<webcrypto.CryptoKey | undefined>; signatures: Signatures }
    | undefined
  return async function sign(card) {
    const kid = activeKid()
    if (kid === undefined) return card
    if (current?.kid !== kid) current = { kid, key: keyOf(kid), signatures: new Map() }
    const { signatures } = current
    const key = await current.key
    if (key === undefined) return card
    const content = canonicalizeAgentCard(asJson(card))
    const signed = signatures.get(content) ?? signaturesOf(card, { key, kid, jwksUrl })
    remember(signatures, content, signed)
    return { ...card, signatures: await signed }
  }
}

/** Without the key a card is still a card: what is wrong is said in the log, once for each key. */
function keyReader({ privateKey, log }: Pick<CardSignerOptions, 'privateKey' | 'log'>) {
  return async (kid: string): Promise<webcrypto.CryptoKey | undefined> => {
    try {
      const key = await privateKey(kid)
      if (key === undefined)
        log.warn({ kid }, 'agent cards are served unsigned: the private key is not in this data folder')
      return key
    } catch (error) {
      log.warn({ kid, err: error }, 'agent cards are served unsigned: the private key cannot be read')
      return undefined
    }
  }
}

/**
 * Two signatures. The SDK (1.3.0) takes a card of its own types for JSON and loses its security schemes, when it signs and
 * when it verifies: its clients know the second one. All others know the first, which is over the whole card.
 */
async function signaturesOf(
  card: AgentCard,
  {
    key,
    kid,
    jwksUrl,
  }: { readonly key: webcrypto.CryptoKey; readonly kid: string; readonly jwksUrl: string },
): Promise<AgentCardSignature[]> {
  const sign = generateAgentCardSignature(key, { alg: TOKEN_ALGORITHM, typ: 'JOSE', kid, jku: jwksUrl })
  const unsigned = { ...card, signatures: [] }
  const signed = [await sign(asJson(unsigned)), await sign(unsigned)]
  return signed.flatMap(({ signatures }) => signatures)
}

/** What goes over the wire, and what the SDK's canonical form is made for. */
function asJson(card: AgentCard): AgentCard {
  return AgentCard.toJSON(card) as AgentCard
}

function remember(signatures: Signatures, content: string, signed: Promise<AgentCardSignature[]>): void {
  signatures.set(content, signed)
  const [oldest] = signatures.keys()
  if (signatures.size > MAX_SIGNATURES && oldest !== undefined) signatures.delete(oldest)
}
