// A list of things to do, behind a button.
import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  readonly key: string
  readonly words: ReactNode
  readonly act: () => void
  /** Begins a new group, with these words above it. */
  readonly group?: string
  readonly isDanger?: boolean
  readonly isCurrent?: boolean
  readonly disabled?: boolean
}

export interface MenuProps {
  readonly trigger: ReactElement
  readonly items: readonly MenuItem[]
  readonly children?: ReactNode
}

export function Menu({ trigger, items, children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50">
          <Base.Popup className="max-h-96 min-w-48 overflow-auto rounded-lg border border-line bg-card p-1 shadow-pop outline-none">
            {children}
            {items.map(
              ({ key, words, act, group, isDanger = false, isCurrent = false, disabled = false }) => (
                <div key={key}>
                  {group !== undefined && <p className="px-2 pt-2 pb-1 text-xs text-soft">{group}</p>}
                  <Base.Item
                    onClick={act}
                    disabled={disabled}
                    className={`flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-disabled:opacity-55 data-highlighted:bg-hover pointer-coarse:py-2.5 ${isDanger ? 'text-wrong' : ''} ${isCurrent ? 'font-medium text-accent' : ''}`}
                  >
                    {words}
                  </Base.Item>
                </div>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
