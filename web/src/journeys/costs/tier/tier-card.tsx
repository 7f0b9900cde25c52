// The tenant's tier, and the way up: what the next one changes, what it costs, and who may move the tenant there.
import { ArrowUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { limitWords, modelWords, type Offer, priceWords, rateWords } from './tier-changes.ts'
import { UpgradeDialog } from './upgrade-dialog.tsx'

export interface UpgradeProps {
  readonly offer: Offer
  /** With the name of the new tier. */
  readonly onUpgraded: (name: string) => void
}

export function TierCard({ offer, onUpgraded }: UpgradeProps) {
  const { tier, next, who_may, follows_tier } = offer
  const price = priceWords(tier)
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          Tier <Badge tone="accent">{tier.name}</Badge>
        </span>
      }
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        <Line words="Budget">
          {limitWords(tier)}
          {!follows_tier && ' (the operator has set another)'}
        </Line>
        <Line words="Requests">{rateWords(tier)}</Line>
        <Line words="Models">{modelWords(tier)}</Line>
        {price !== undefined && <Line words="Price">{price}</Line>}
      </dl>
      <div className="mt-4 border-t border-line pt-3 text-sm">
        {offer.may_upgrade && next !== null ? (
          <UpgradeButton offer={offer} onUpgraded={onUpgraded} />
        ) : (
          <p className="text-soft">{offer.say}</p>
        )}
        {who_may === 'admins' && <p className="mt-1 text-soft">Your role does not allow it.</p>}
      </div>
    </Card>
  )
}

export function UpgradeButton({ offer, onUpgraded }: UpgradeProps) {
  const [isOpen, setOpen] = useState(false)
  const { next } = offer
  if (next === null) return null
  const price = priceWords(next)
  return (
    <>
      <Button look="strong" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <ArrowUp size={14} aria-hidden="true" /> Upgrade to {next.name}
        {price !== undefined && ` (${price})`}
      </Button>
      <UpgradeDialog
        offer={offer}
        next={next}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onUpgraded={() => onUpgraded(next.name)}
      />
    </>
  )
}

function Line({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{words}</dt>
      <dd className="figures min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}
