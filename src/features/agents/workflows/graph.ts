// A workflow drawn: Mermaid's text of its declared steps, and how far it is.
import type { Step } from './workflow.ts'

/** Names of steps: those that are done, and those that are under way. */
export interface Progress {
  readonly done?: readonly string[]
  readonly running?: readonly string[]
}

/** A flow chart from left to right. Titles are text whatever they hold: nothing in them is Mermaid's or HTML. */
export function graphOf(
  { steps }: { readonly steps: readonly Step[] },
  { done = [], running = [] }: Progress = {},
): string {
  const ids = steps.map((_, at) => `s${at + 1}`)
  const idsOf = (names: readonly string[]): string[] =>
    ids.filter((_, at) => names.includes(steps[at]?.name ?? ''))
  const marked = (names: readonly string[], mark: string): string[] =>
    idsOf(names).length === 0 ? [] : [`  class ${idsOf(names).join(',')} ${mark}`]
  return [
    'flowchart LR',
    ...steps.map(({ title }, at) => `  s${at + 1}["${escaped(title)}"]`),
    ...steps.flatMap(({ after }, at) => idsOf(after).map(before => `  ${before} --> s${at + 1}`)),
    ...marked(done, 'done'),
    ...marked(running, 'running'),
  ].join('\n')
}

/** Mermaid's own entities: a number between # and ;. */
function escaped(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N} .,-]/gu, char => `#${char.codePointAt(0) ?? 0};`)
}
