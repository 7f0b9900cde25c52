// `j` and `k` go from document to document; Enter opens the one that has the focus, as any link. None works while somebody
// types (WCAG 2.1.4).
import { type RefObject, useEffect } from 'react'

/** The first link of each row of the table within `list`. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      if (step === 0 || event.defaultPrevented || isElsewhere(event)) return
      const rows = [...(list.current?.querySelectorAll('tbody tr') ?? [])]
      const at = rows.findIndex(row => row.contains(document.activeElement))
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + (at < 0 ? 1 : step)))]
      next?.querySelector('a')?.focus()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [list])
}

const TYPING = 'input, textarea, select, [role="menu"], [role="listbox"], [role="dialog"]'

function isElsewhere({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return true
  return target.isContentEditable || target.closest(TYPING) !== null
}
