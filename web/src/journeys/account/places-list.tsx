// Where one may act, each a click away. Going is a new page: nothing of the old place stays.
import { ArrowRight, Building2, ShieldCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { DEPLOYMENT } from '../../api/place.ts'
import { goTo, placeOf, type Session, type Target } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Badge } from '../../parts/shown/badge.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'

export function PlacesList({ session }: { readonly session: Session }) {
  const [going, setGoing] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const place = placeOf(session)
  const go = (key: string, target: Target) => {
    setGoing(key)
    setProblem(undefined)
    void goTo(target).catch((error: unknown) => {
      setProblem(error)
      setGoing(undefined)
    })
  }
  const { tenants, account } = session
  return (
    <Card title="Where you can act" isFlush>
      {tenants.length === 0 && !account.is_operator && <p className="p-4 text-soft">Nowhere yet.</p>}
      <ul className="divide-y divide-line">
        {tenants.map(({ tenant_id, name, slug, role }) => (
          <Place
            key={tenant_id}
            icon={<Building2 size={16} aria-hidden="true" />}
            name={name}
            words={`${slug} · you are its ${role}`}
            isHere={place === tenant_id}
            isBusy={going === tenant_id}
            onGo={() => go(tenant_id, { tenant: tenant_id })}
          />
        ))}
        {account.is_operator && (
          <Place
            icon={<ShieldCheck size={16} aria-hidden="true" />}
            name="The deployment"
            words="tenants, accounts, keys and the state of the system; no tenant’s documents"
            isHere={place === DEPLOYMENT}
            isBusy={going === DEPLOYMENT}
            onGo={() => go(DEPLOYMENT, { deployment: true })}
          />
        )}
      </ul>
      {problem !== undefined && (
        <div className="p-4">
          <ProblemNote problem={problem} />
        </div>
      )}
    </Card>
  )
}

interface PlaceProps {
  readonly icon: ReactNode
  readonly name: string
  readonly words: string
  readonly isHere: boolean
  readonly isBusy: boolean
  readonly onGo: () => void
}

function Place({ icon, name, words, isHere, isBusy, onGo }: PlaceProps) {
  return (
    <li className="flex min-h-14 items-center gap-3 px-4 py-2">
      <span className="text-soft">{icon}</span>
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          <bdi>{name}</bdi>
        </p>
        <p className="text-xs text-soft wrap-anywhere">{words}</p>
      </div>
      {isHere ? (
        <Badge tone="accent">You are here</Badge>
      ) : (
        <Button onClick={onGo} isBusy={isBusy} aria-label={`Go there: ${name}`}>
          Go there <ArrowRight size={14} aria-hidden="true" />
        </Button>
      )}
    </li>
  )
}
