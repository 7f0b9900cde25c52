// The head of a page: its one h1, a line about it, what can be done here. It names the browser's tab too.
import type { ReactNode } from 'react'

export interface PageHeadProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
}

export function PageHead({ title, lead, actions }: PageHeadProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <title>{`${title} · Gatehouse`}</title>
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-lg font-semibold wrap-anywhere">{title}</h1>
        {lead !== undefined && <p className="max-w-prose text-soft">{lead}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  )
}
