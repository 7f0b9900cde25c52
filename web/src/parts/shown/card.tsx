// A part of a page with its own head.
import type { ReactNode } from 'react'

export interface CardProps {
  readonly title?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** Without room around what it holds, for tables and lists. */
  readonly isFlush?: boolean
}

export function Card({ title, actions, children, isFlush = false }: CardProps) {
  return (
    <section className="min-w-0 rounded-lg border border-line bg-card">
      {title !== undefined && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2.5">
          <h2 className="text-base font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      <div className={isFlush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}
