// An access token that is always good for a while longer: fetched when first asked for, and again before it ends.

export interface AccessToken {
  readonly token: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** A token with less left than this is replaced before it is used. */
const MARGIN_S = 60

export function renewedToken(
  fetchToken: () => Promise<AccessToken>,
  clock: () => number = Date.now,
): () => Promise<string> {
  let current: Promise<AccessToken> | undefined
  return async function accessToken() {
    // Whoever comes while one is being fetched waits for that one; a failure is not kept.
    const known = current ?? renew()
    const { token, expiresAt } = await known
    if (expiresAt - clock() / 1000 > MARGIN_S) return token
    // The first to find it ending replaces it for all.
    if (current === known) current = undefined
    return (await (current ?? renew())).token
  }

  function renew(): Promise<AccessToken> {
    const fetching = fetchToken()
    current = fetching
    fetching.catch(() => {
      if (current === fetching) current = undefined
    })
    return fetching
  }
}
