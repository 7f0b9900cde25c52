// One of a few, beside each other: links, since each has its own address.
import { Link, type LinkProps } from '@tanstack/react-router'

export interface Segment {
  readonly label: string
  readonly to: LinkProps
  readonly isCurrent: boolean
}

export function Segments({ of, segments }: { readonly of: string; readonly segments: readonly Segment[] }) {
  return (
    <nav
      aria-label={of}
      className="inline-flex max-w-full overflow-x-auto rounded-md border border-edge bg-card"
    >
      {segments.map(({ label, to, isCurrent }) => (
        <Link
          key={label}
          {...to}
          replace
          resetScroll={false}
          aria-current={isCurrent ? 'true' : undefined}
          className={`flex min-h-8 items-center border-r border-line px-2.5 text-sm whitespace-nowrap last:border-0 pointer-coarse:min-h-11 ${
            isCurrent ? 'bg-accent-ground font-medium text-accent' : 'text-soft hover:bg-hover hover:text-ink'
          }`}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
