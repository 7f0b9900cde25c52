// Who is signed in, and what concerns them rather than their documents.
import { useNavigate } from '@tanstack/react-router'
import { CircleUser, Compass, Keyboard, LogOut, UserCog } from 'lucide-react'
import { signOut, type Session } from '../api/session.ts'
import { Menu } from '../parts/overlays/menu.tsx'

export function AccountMenu({ session, onHelp }: { readonly session: Session; readonly onHelp: () => void }) {
  const navigate = useNavigate()
  const { name, email } = session.account
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="flex min-h-9 w-full items-center gap-2.5 rounded-md px-2 text-left text-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
        >
          <CircleUser size={16} aria-hidden="true" className="shrink-0" />
          <span className="min-w-0 truncate">{name}</span>
        </button>
      }
      items={[
        {
          key: 'start',
          words: (
            <>
              <Compass size={14} aria-hidden="true" /> First steps
            </>
          ),
          act: () => void navigate({ to: '/start' }),
        },
        {
          key: 'account',
          words: (
            <>
              <UserCog size={14} aria-hidden="true" /> Your account
            </>
          ),
          act: () => void navigate({ to: '/account' }),
        },
        {
          key: 'keys',
          words: (
            <>
              <Keyboard size={14} aria-hidden="true" /> Keys
            </>
          ),
          act: onHelp,
        },
        {
          key: 'out',
          words: (
            <>
              <LogOut size={14} aria-hidden="true" /> Sign out
            </>
          ),
          act: () => void signOut(),
        },
      ]}
    >
      <p className="truncate px-2 py-1.5 text-xs text-soft">{email}</p>
    </Menu>
  )
}
