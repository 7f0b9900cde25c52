// `j` and `k` go from hit to hit; Enter opens the one that has the focus, as any link. None works while somebody types.
import { type RefObject, useEffect } from 'react'

export function useHitKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      if (step === 0 || event.defaultPrevented || isElsewhere(event)) return
      const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-hit-link]') ?? [])]
      const focused = document.activeElement?.closest('[data-hit]')
      const at = links.findIndex(link => focused?.contains(link))
      const next = links[Math.max(0, Math.min(links.length - 1, at + (at < 0 ? 1 : step)))]
      if (next === undefined) return
      event.preventDefault()
      next.focus()
      next.closest('[data-hit]')?.scrollIntoView({ block: 'nearest' })
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [list])
}

function isElsewhere({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return true
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="menu"], [role="listbox"], [role="dialog"]') !== null
  )
}
