// The tenants that come with documents: what is in each, and searches that find. One click goes there and searches.
import { Search } from 'lucide-react'
import { useState } from 'react'
import { goTo, type Session, type SessionTenant } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { SAMPLES } from './samples.ts'

export function SampleTenants({ session }: { readonly session: Session }) {
  const [going, setGoing] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const samples = session.tenants.filter(({ slug }) => slug in SAMPLES)
  if (samples.length === 0) return null
  const go = (tenant: string, query: string) => {
    setGoing(`${tenant} ${query}`)
    setProblem(undefined)
    void goTo({ tenant }, `/app/search?q=${encodeURIComponent(query)}`).catch((error: unknown) => {
      setProblem(error)
      setGoing(undefined)
    })
  }
  return (
    <Card title="Look around in the samples">
      {problem !== undefined && <ProblemNote problem={problem} />}
      <ul className="grid gap-x-8 gap-y-5 md:grid-cols-3">
        {samples.map(tenant => (
          <SampleTenant key={tenant.tenant_id} tenant={tenant} going={going} onGo={go} />
        ))}
      </ul>
    </Card>
  )
}

interface SampleTenantProps {
  readonly tenant: SessionTenant
  readonly going: string | undefined
  readonly onGo: (tenant: string, query: string) => void
}

function SampleTenant({ tenant: { tenant_id, name, slug }, going, onGo }: SampleTenantProps) {
  const { what, searches } = SAMPLES[slug] ?? { what: '', searches: [] }
  return (
    <li>
      <h3 className="font-medium">
        <bdi>{name}</bdi>
      </h3>
      <p className="mt-0.5 text-sm text-soft">{what}</p>
      <p className="mt-2 mb-1 text-xs text-soft">Search there for</p>
      <ul className="flex flex-col items-start gap-1.5">
        {searches.map(query => (
          <li key={query} className="max-w-full">
            <Button
              onClick={() => onGo(tenant_id, query)}
              isBusy={going === `${tenant_id} ${query}`}
              aria-label={`Search ${name} for ${query}`}
              className="max-w-full py-1 text-left !whitespace-normal"
            >
              <Search size={14} aria-hidden="true" className="shrink-0" /> {query}
            </Button>
          </li>
        ))}
      </ul>
    </li>
  )
}
