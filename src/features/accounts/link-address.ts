// The address of a one-time link. The code stands in the fragment, which browsers send to nobody: it reaches no log, no
// proxy and no Referer.

export type LinkPage = 'first-run' | 'reset' | 'invitation'

export function linkAddress(publicUrl: string, page: LinkPage, code: string): string {
  return `${publicUrl}/app/${page}#${code}`
}
