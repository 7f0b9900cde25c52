// Where to go after signing in. The address bar may have been filled by anybody, so only a path of this server counts.

const HOME = '/app'

/** `next` if it is a path of this origin; /app otherwise. */
export function safePath(next: string | undefined): string {
  // A browser reads a backslash as a slash and drops tabs and line ends: "/\evil.test" is another host.
  if (next === undefined || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return HOME
  const url = URL.canParse(next, 'http://own.invalid') ? new URL(next, 'http://own.invalid') : undefined
  // Dots are resolved by now, and may have left two slashes in front: "/.//evil.test".
  if (url?.origin !== 'http://own.invalid' || url.pathname.startsWith('//')) return HOME
  return `${url.pathname}${url.search}`
}
