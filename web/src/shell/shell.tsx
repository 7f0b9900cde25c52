// The frame of every page: where one is, where one can go, and as whom.
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Menu as MenuIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { sessionQuery } from '../api/session.ts'
import { IconButton } from '../parts/actions/button.tsx'
import { PageOfPlace } from './other-place.tsx'
import { AccountMenu } from './account-menu.tsx'
import { KeyHelp } from './key-help.tsx'
import { PlaceMenu } from './place-menu.tsx'
import { entriesFor } from './places.ts'
import { useShellKeys } from './use-shell-keys.ts'

export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const entries = entriesFor(session)
  const [openedAt, setOpenedAt] = useState<string>()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const { pathname } = useRouterState({ select: state => state.location })
  useShellKeys(entries, () => setHelpOpen(true))
  // Whoever goes elsewhere has chosen: the menu is closed again.
  const isOpen = openedAt === pathname
  const main = useFocusAfterMoving(pathname)
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14.25rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="unseen focus:[clip-path:none] focus:z-50 focus:h-auto focus:w-auto focus:bg-card focus:p-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-ground lg:h-dvh lg:border-r lg:border-b-0">
        <div className="flex items-center gap-2 px-3 py-2 lg:h-full lg:flex-col lg:items-stretch lg:gap-1 lg:p-3">
          <div className="flex min-w-0 flex-1 items-center gap-2 lg:flex-none lg:flex-col lg:items-stretch">
            <Link to="/" className="flex items-center gap-2 px-1 font-semibold lg:px-2 lg:py-1.5">
              <img src="/app/icon.svg" alt="" width={20} height={20} />
              <span className="max-sm:sr-only">Gatehouse</span>
            </Link>
            <PlaceMenu session={session} />
          </div>
          <IconButton
            label={isOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isOpen}
            aria-controls="navigation"
            onClick={() => setOpenedAt(isOpen ? undefined : pathname)}
            className="lg:hidden"
          >
            <MenuIcon size={18} aria-hidden="true" />
          </IconButton>
          <nav
            id="navigation"
            aria-label="Main"
            className={`max-lg:absolute max-lg:inset-x-0 max-lg:top-full max-lg:border-b max-lg:border-line max-lg:bg-ground max-lg:p-2 max-lg:shadow-pop lg:mt-2 lg:flex lg:min-h-0 lg:flex-1 lg:flex-col lg:overflow-auto ${isOpen ? '' : 'max-lg:hidden'}`}
          >
            <ul className="space-y-0.5">
              {entries.map(({ to, label, Icon, key }) => (
                <li key={to}>
                  <Link
                    to={to}
                    title={`${label} (g ${key})`}
                    className="flex min-h-9 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
                    activeProps={{ className: 'bg-accent-ground font-medium !text-accent' }}
                  >
                    <Icon size={16} aria-hidden="true" />
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
            <div className="mt-auto pt-3">
              <AccountMenu session={session} onHelp={() => setHelpOpen(true)} />
            </div>
          </nav>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="min-w-0 px-4 py-5 outline-none lg:px-8 lg:py-6">
        <div className="mx-auto max-w-6xl">
          <PageOfPlace session={session} pathname={pathname}>
            <Outlet />
          </PageOfPlace>
        </div>
      </main>
      <KeyHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} entries={entries} />
    </div>
  )
}

/** Whoever follows a link by key or by ear goes on at the new page's beginning, not in the navigation. */
function useFocusAfterMoving(pathname: string) {
  const main = useRef<HTMLElement>(null)
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    last.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
