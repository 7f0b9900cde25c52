// Something that concerns all that stands below it.
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const KINDS = {
  info: ['border-line bg-sunken text-ink', Info],
  warn: ['border-transparent bg-warn-ground text-warn', TriangleAlert],
  wrong: ['border-transparent bg-wrong-ground text-wrong', CircleAlert],
} as const

export interface BannerProps {
  readonly kind: keyof typeof KINDS
  readonly children: ReactNode
  /** What can be done about it. */
  readonly action?: ReactNode
}

export function Banner({ kind, children, action }: BannerProps) {
  const [look, Icon] = KINDS[kind]
  return (
    <div
      role={kind === 'wrong' ? 'alert' : 'status'}
      className={`flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2 text-sm ${look}`}
    >
      <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 basis-60 wrap-anywhere">{children}</div>
      {action}
    </div>
  )
}
