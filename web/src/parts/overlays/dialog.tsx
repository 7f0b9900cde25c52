// A question over the page: holds the focus, closes with Escape, gives the focus back.
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { IconButton } from '../actions/button.tsx'

export interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly isWide?: boolean
  /** What has the focus at first; by default the first field, else the button that closes it. */
  readonly initialFocus?: RefObject<HTMLElement | null>
}

export function Dialog({ title, isOpen, onClose, children, isWide = false, initialFocus }: DialogProps) {
  const body = useRef<HTMLDivElement>(null)
  // A finger would get the keyboard over the question.
  const firstField = (how: string) =>
    (how === 'touch'
      ? null
      : body.current?.querySelector<HTMLElement>('input:not([type=hidden]), textarea')) ?? true
  return (
    <Base.Root open={isOpen} onOpenChange={open => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          initialFocus={initialFocus ?? firstField}
          className={`fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-1.5rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line bg-card shadow-pop ${isWide ? 'max-w-3xl' : 'max-w-lg'}`}
        >
          <div className="flex items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-4">
            <Base.Title className="min-w-0 text-md font-semibold wrap-anywhere">{title}</Base.Title>
            <Base.Close render={<IconButton label="Close" className="shrink-0" />}>
              <X size={16} aria-hidden="true" />
            </Base.Close>
          </div>
          <div ref={body} className="overflow-auto p-4">
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
