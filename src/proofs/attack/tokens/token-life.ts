// AU09, AU11, AU15: tokens that were genuine once, or are for somebody else. These the deployment signed itself.
import { setTimeout as sleep } from 'node:timers/promises'
import { asFault } from '../../../platform/faults.ts'
import { type Attack, found, held, judged, notRun } from '../attack.ts'
import { forge, opened, ownKey, rsa } from './forge.ts'
import { refusedToken } from './refused-token.ts'

/** Two seconds are promised; a busy machine is given more before it counts as a finding. The lag is printed. */
const REVOKED_WITHIN_MS = 10_000

export const expiredTokens: Attack = {
  id: 'AU09',
  title: 'an expired token, one of the future',
  async run(ground) {
    const { b, shortLived, shortLivedEnds, signal } = ground
    await sleep(Math.max(0, shortLivedEnds - Date.now()), undefined, { signal })
    const { header, payload } = opened(b.token)
    const own = rsa(ownKey().privateKey)
    const now = Math.floor(Date.now() / 1000)
    const future = { ...payload, nbf: now + 600, iat: now + 600, exp: now + 4200 }
    return judged(
      [
        await refusedToken(ground, 'a genuine token after its end', shortLived),
        await refusedToken(ground, 'nbf and iat in the future', forge(header, future, own)),
        await refusedToken(ground, 'exp as a text', forge(header, { ...payload, exp: '9999999999' }, own)),
      ],
      'refused with 401',
    )
  },
}

export const otherAudience: Attack = {
  id: 'AU11',
  title: 'a genuine token for another audience',
  async run(ground) {
    const { b, mcp, api, token } = ground
    const others: string[] = []
    for (const audience of ['api', 'a2a', 'ui']) {
      const made = await token({ tenant: b.slug, audience }).catch((error: unknown) => {
        if (asFault(error).code === 'invalid_input') return undefined
        throw error
      })
      if (made === undefined) continue
      others.push(audience)
      const { status } = await mcp.call('hybrid_search', { query: b.word }, made.token)
      if (status !== 401) return found(`a token for ${audience} got ${status} at /mcp`)
      const back = await api('hybrid_search', { query: b.word }, b.token)
      if (![401, 404].includes(back.status)) return found(`a token for /mcp got ${back.status} at /api`)
    }
    const own = rsa(ownKey().privateKey)
    const { header, payload } = opened(b.token)
    const forged = [['ui'], [payload['aud'], 'ui'], 'https://other.invalid/mcp'].map(aud =>
      forge(header, { ...payload, aud }, own),
    )
    const problems = []
    for (const one of forged) problems.push(await refusedToken(ground, 'another aud', one))
    const genuine =
      others.length === 0 ? 'the deployment signs for one audience only' : `genuine: ${others.join()}`
    return judged(problems, `refused with 401 (${genuine})`)
  },
}

export const revokedToken: Attack = {
  id: 'AU15',
  title: 'a token after its revocation',
  async run({ a, mcp, token, operate, signal }) {
    const { token: doomed, tokenId } = await token({ tenant: a.slug })
    const before = await mcp.call('list_documents', {}, doomed)
    if (before.status !== 200) return notRun(`a fresh token got ${before.status}`)
    await operate('revoke_token', { token_id: tokenId })
    const revokedAt = performance.now()
    for (;;) {
      const { status } = await mcp.call('list_documents', {}, doomed)
      const lag = Math.round(performance.now() - revokedAt)
      if (status === 401) return held(`refused ${lag} ms after the revocation (as seen through one process)`)
      if (lag > REVOKED_WITHIN_MS) return found(`still answered ${status} after ${lag} ms`)
      await sleep(50, undefined, { signal })
    }
  },
}
