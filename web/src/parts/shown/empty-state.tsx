// Where there is nothing yet: why, and what to do next.
import type { ReactNode } from 'react'

export interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="rounded-lg border border-dashed border-edge px-4 py-10 text-center">
      <p className="text-md font-medium">{title}</p>
      {children !== undefined && <div className="mx-auto mt-1 max-w-prose text-soft">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
