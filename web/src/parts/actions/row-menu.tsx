// What can be done with one row of a list.
import { Ellipsis } from 'lucide-react'
import { Menu, type MenuItem } from '../overlays/menu.tsx'
import { IconButton } from './button.tsx'

export function RowMenu({ of, items }: { readonly of: string; readonly items: readonly MenuItem[] }) {
  if (items.length === 0) return null
  return (
    <Menu
      trigger={
        <IconButton label={`What to do with ${of}`} className="-my-1">
          <Ellipsis size={16} aria-hidden="true" />
        </IconButton>
      }
      items={items}
    />
  )
}
