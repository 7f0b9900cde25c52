// The neighbour's part of docs/PERFORMANCE.md, at its end: the rest of the page is written by bench/search.ts.
const TITLE = '## A tenant beside a flood'

/** The page with this text as the last section, in place of the one that was there. */
export function withSection(page: string, text: string): string {
  return `${withoutSection(page)}\n${TITLE}\n\n${text}\n`
}

/** The section with its title, or nothing. */
export function sectionIn(page: string): string {
  return page.slice(withoutSection(page).length)
}

function withoutSection(page: string): string {
  const at = page.indexOf(`\n${TITLE}\n`)
  return at < 0 ? page : page.slice(0, at)
}
