// AU01–AU12: tokens that nobody of this deployment signed, each in the hope that the verifier looks at the wrong thing.
import { createPublicKey } from 'node:crypto'
import { type Attack, each, judged, type Verdict } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import {
  bent,
  forge,
  hmac,
  opened,
  ownKey,
  rsa,
  unsigned,
  withClaims,
  type Json,
  type Signature,
} from './forge.ts'
import { refusedToken } from './refused-token.ts'

interface Genuine {
  readonly header: Json
  readonly payload: Json
}

type Forgeries = (
  genuine: Genuine,
  ground: Ground,
) => Promise<readonly (readonly [what: string, token: string])[]>

function attack(id: string, title: string, forgeries: Forgeries): Attack {
  return {
    id,
    title,
    async run(ground): Promise<Verdict> {
      const tokens = await forgeries(opened(ground.b.token), ground)
      return judged(
        await each(tokens, ([what, token]) => refusedToken(ground, what, token)),
        'refused with 401',
      )
    },
  }
}

const signedBy = ({ header, payload }: Genuine, signature: Signature, more: Json = {}, claims: Json = {}) =>
  forge({ ...header, ...more }, { ...payload, ...claims }, signature)

/** Words that people leave in their settings. */
const DEFAULT_SECRETS = ['', 'secret', 'changeme', 'password', 'admin', 'your-256-bit-secret', 'gatehouse']

export const forgedTokens: readonly Attack[] = [
  attack('AU01', 'a token with alg none and no signature', async genuine => [
    ['alg none', signedBy(genuine, unsigned, { alg: 'none' })],
    ['alg none without kid', signedBy(genuine, unsigned, { alg: 'none', kid: undefined })],
  ]),
  attack('AU02', 'alg in other letter cases, and others', async genuine => {
    const own = rsa(ownKey().privateKey)
    return ['NoNe', 'nONE', 'rs256', 'RS512', 'PS256', 'ES256', ''].map(
      alg => [`alg "${alg}"`, signedBy(genuine, /none/i.test(alg) ? unsigned : own, { alg })] as const,
    )
  }),
  attack('AU03', 'HS256 with the public key as its secret', async (genuine, ground) =>
    (await publicKeys(ground)).map(
      secret => ['HMAC with the public key', signedBy(genuine, hmac(secret), { alg: 'HS256' })] as const,
    ),
  ),
  attack('AU05', 'a key name that is a path', async genuine =>
    ['../../../../dev/null', '/dev/null', '..\\..\\nul', 'keys/seal'].flatMap(kid => [
      [`kid ${kid}, empty HMAC`, signedBy(genuine, hmac(''), { kid, alg: 'HS256' })] as const,
      [`kid ${kid}, RS256`, signedBy(genuine, rsa(ownKey().privateKey), { kid })] as const,
    ]),
  ),
  attack('AU06', 'SQL in the key name', async genuine =>
    ["x' UNION SELECT 'k'--", "'; select pg_sleep(3);--", '\u0000', 'x'.repeat(4_000)].map(
      kid =>
        [
          `kid ${JSON.stringify(kid).slice(0, 30)}`,
          signedBy(genuine, rsa(ownKey().privateKey), { kid }),
        ] as const,
    ),
  ),
  attack('AU07', 'SQL in the Authorization header', async () =>
    ["' UNION SELECT token FROM app.signing_key--", "a' or '1'='1", '%00', '../../etc/passwd'].map(
      token => [`Bearer ${token}`, token] as const,
    ),
  ),
  attack('AU08', 'a header that brings its own key (jwk, jku, x5u, x5c)', async genuine => {
    const { privateKey, publicKey } = ownKey()
    const jwk = publicKey.export({ format: 'jwk' })
    const der = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    const elsewhere = 'https://attacker.invalid/jwks.json'
    const headers: Json[] = [{ jwk }, { jku: elsewhere }, { x5u: elsewhere }, { x5c: [der] }]
    return headers.flatMap(more => [
      [`${Object.keys(more).join()} and our kid`, signedBy(genuine, rsa(privateKey), more)] as const,
      [
        `${Object.keys(more).join()} and a new kid`,
        signedBy(genuine, rsa(privateKey), { ...more, kid: 'mine' }),
      ] as const,
    ])
  }),
  attack('AU10', 'claims left out, or changed under a genuine signature', async ({ payload }, { a, b }) => {
    const left = ['exp', 'jti', 'sub', 'tenant_id', 'iss', 'aud', 'iat', 'nbf', 'scope']
    return [
      ...left.map(claim => [`without ${claim}`, withClaims(b.token, { [claim]: undefined })] as const),
      ["tenant A's token says tenant B", withClaims(a.token, { tenant_id: b.id })],
      ['a longer life', withClaims(b.token, { exp: Number(payload['exp']) + 3600 })],
      ['one bit of the signature', bent(b.token)],
    ]
  }),
  attack('AU12', 'another issuer, another signer', async genuine => {
    const own = rsa(ownKey().privateKey)
    return [
      ['own key under our kid', signedBy(genuine, own)],
      ['another issuer', signedBy(genuine, own, {}, { iss: 'https://attacker.invalid' })],
      ['our issuer with a slash', signedBy(genuine, own, {}, { iss: `${String(genuine.payload['iss'])}/` })],
      ['two tenants', signedBy(genuine, own, {}, { tenant_id: [genuine.payload['tenant_id']] })],
    ]
  }),
  attack('AU30', 'default secrets and passwords', async genuine =>
    DEFAULT_SECRETS.flatMap(secret => [
      [`HMAC with "${secret}"`, signedBy(genuine, hmac(secret), { alg: 'HS256' })] as const,
      ...(secret === '' ? [] : [[`Bearer ${secret}`, secret] as const]),
    ]),
  ),
]

/** The published keys, as an attacker would try them: PEM, PEM without the last line break, DER, JSON. */
async function publicKeys({ wire }: Ground): Promise<(string | Buffer)[]> {
  const { status, body } = await wire.send({ path: '/.well-known/jwks.json' })
  if (status !== 200) return []
  const { keys } = JSON.parse(body) as { keys: (Json & { kid: string })[] }
  return keys.slice(0, 2).flatMap(jwk => {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const pem = key.export({ format: 'pem', type: 'spki' })
    return [pem, String(pem).trimEnd(), key.export({ format: 'der', type: 'spki' }), JSON.stringify(jwk)]
  })
}
