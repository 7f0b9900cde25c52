// What has just been done, in one line that is read out. It is there from the beginning, empty: only what changes inside
// of a live region is told.
import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'

export function Said({ children }: { readonly children: ReactNode }) {
  const isEmpty = children === undefined || children === ''
  return (
    <p role="status" className={isEmpty ? 'unseen' : 'mb-3 flex items-start gap-2 text-sm text-good'}>
      {!isEmpty && <CircleCheck size={16} aria-hidden="true" className="mt-0.5 shrink-0" />}
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </p>
  )
}
