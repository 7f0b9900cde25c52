// Several lists on one page, one shown at a time: links, since each has its own address.
import { Link, type LinkProps } from '@tanstack/react-router'

export interface View {
  readonly label: string
  readonly to: LinkProps
  readonly isCurrent: boolean
}

export function Views({ of, views }: { readonly of: string; readonly views: readonly View[] }) {
  return (
    <nav aria-label={of} className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
      {views.map(({ label, to, isCurrent }) => (
        <Link
          key={label}
          {...to}
          aria-current={isCurrent ? 'page' : undefined}
          className={`-mb-px flex min-h-9 shrink-0 items-center border-b-2 px-3 text-sm pointer-coarse:min-h-11 ${
            isCurrent
              ? 'border-accent font-medium text-accent'
              : 'border-transparent text-soft hover:text-ink'
          }`}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
