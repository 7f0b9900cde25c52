// What a program is told of why a task ended or waits, for people: amounts as money, moments as times.
import { Money } from '../../../parts/shown/money.tsx'
import { Time } from '../../../parts/shown/time.tsx'

export function EndFacts({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  const told = Object.entries(facts).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  )
  if (told.length === 0) return null
  return (
    <dl className="mt-1 flex flex-wrap gap-x-4 text-xs">
      {told.map(([name, value]) => (
        <div key={name} className="flex gap-1">
          <dt className="opacity-80">{name.replace(/_nano$/, '').replaceAll('_', ' ')}:</dt>
          <dd className="figures min-w-0 wrap-anywhere">
            <Fact name={name} value={String(value)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  if (name.endsWith('_nano') && /^-?\d+$/.test(value)) return <Money nano={value} />
  return name.endsWith('_at') ? <Time at={value} form="whole" /> : <bdi>{value}</bdi>
}
