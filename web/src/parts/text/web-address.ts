// Addresses that stand in texts of others. Only what leads to a web page may become a link: `javascript:` and all else
// stays words.

/** The address as the browser reads it; undefined for what is no http or https address, or carries a password. */
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url === undefined || url.username !== '' || url.password !== '' ? undefined : url.href
}

/** To show beside a link, since its words may promise another. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : ''
}
