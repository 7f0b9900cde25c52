// The names a deployment has in its tokens: who issues them and which resource each is for (RFC 8707). Whoever
// writes or compares one of them asks here, since they are compared character by character.

/** What a token can be for; the value is the resource's path below the public URL. */
const RESOURCES = { mcp: '/mcp', a2a: '/a2a', api: '/api' } as const

export type Audience = keyof typeof RESOURCES

export const AUDIENCES = Object.keys(RESOURCES) as [Audience, ...Audience[]]

export function issuerOf(publicUrl: string): string {
  return publicUrl.replace(/\/+$/, '')
}

/** The canonical URI of a resource, as in `aud` and in the protected resource metadata (RFC 9728). */
export function resourceOf(publicUrl: string, audience: Audience): string {
  return `${issuerOf(publicUrl)}${RESOURCES[audience]}`
}
