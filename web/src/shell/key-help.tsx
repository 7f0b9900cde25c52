// The list of keys.
import { Dialog } from '../parts/overlays/dialog.tsx'
import type { Entry } from './places.ts'

export interface KeyHelpProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly entries: readonly Entry[]
}

export function KeyHelp({ isOpen, onClose, entries }: KeyHelpProps) {
  const keys: readonly (readonly [string, string])[] = [
    ['/', 'Go to the search field'],
    ['?', 'Show these keys'],
    ['j  k', 'Next and previous in a list'],
    ['Esc', 'Close what is open'],
    ...entries.map(({ key, label }) => [`g ${key}`, label] as const),
  ]
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {keys.map(([key, words]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-sm border border-line bg-sunken px-1.5 font-mono text-xs">{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
