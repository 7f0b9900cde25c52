// A text for a terminal or a file: as it is, to copy. What must not be read over a shoulder is covered until it is asked
// for; what is copied is always the whole.
import type { ReactNode } from 'react'
import { CopyButton } from '../actions/copy-button.tsx'

export interface CodeBlockProps {
  readonly title: string
  readonly text: string
  /** Shown covered. */
  readonly secret?: string | undefined
  readonly children?: ReactNode
}

const SHOWN = 4

/** The end tells whoever compares which one it is. */
function covered(secret: string): string {
  return `${'•'.repeat(18)}${secret.slice(-SHOWN)}`
}

export function CodeBlock({ title, text, secret, children }: CodeBlockProps) {
  const shown = secret === undefined ? text : text.replaceAll(secret, covered(secret))
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-line">
      <figcaption className="flex flex-wrap items-center justify-between gap-x-3 border-b border-line bg-sunken py-0.5 pr-1 pl-3 text-xs">
        <span className="font-medium">{title}</span>
        <CopyButton text={text} what={title} />
        {children !== undefined && <div className="w-full pb-1.5 text-soft">{children}</div>}
      </figcaption>
      {/* Long lines scroll here, not the page; so it must be reachable by key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={title} className="overflow-x-auto p-3 font-mono text-xs leading-5">
        <code>{shown}</code>
      </pre>
    </figure>
  )
}
