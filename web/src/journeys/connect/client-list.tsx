// The programs to choose from.
import { getRouteApi } from '@tanstack/react-router'
import type { Client } from './clients/client.ts'
import { CLIENTS } from './clients/clients.ts'

const { Link } = getRouteApi('/connect')

export function ClientList({ current }: { readonly current: Client }) {
  return (
    <nav aria-label="Programs">
      <ul className="flex flex-wrap gap-1 lg:flex-col">
        {CLIENTS.map(({ id, name, hint }) => (
          <li key={id}>
            <Link
              to="."
              search={old => ({ ...old, client: id })}
              resetScroll={false}
              aria-current={id === current.id ? 'true' : undefined}
              className={`block rounded-md border px-2.5 py-1.5 pointer-coarse:py-2.5 ${id === current.id ? 'border-transparent bg-accent-ground text-accent' : 'border-line hover:bg-hover lg:border-transparent'}`}
            >
              <span className="block text-sm font-medium">{name}</span>
              <span className={`block text-xs max-lg:hidden ${id === current.id ? '' : 'text-soft'}`}>
                {hint}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
