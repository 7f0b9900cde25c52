// Asks before the tenant moves up: what changes, from when, and that this server charges nobody.
import { useChange } from '../../../api/operation-query.ts'
import { FormDialog } from '../../../parts/forms/form-dialog.tsx'
import { changesOf, type Offer, priceWords, type Tier } from './tier-changes.ts'

export interface UpgradeDialogProps {
  readonly offer: Offer
  readonly next: Tier
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onUpgraded: () => void
}

export function UpgradeDialog({ offer, next, isOpen, onClose, onUpgraded }: UpgradeDialogProps) {
  const upgrade = useChange('upgrade_tier', ['get_tier_offer', 'list_budgets', 'get_own_budgets'])
  const price = priceWords(next)
  const act = async () => {
    await upgrade.mutateAsync({ to: next.id })
    onUpgraded()
  }
  return (
    <FormDialog
      title={`Upgrade to ${next.name}`}
      deed={`Upgrade to ${next.name}`}
      {...{ isOpen, onClose, act }}
    >
      {() => (
        <>
          <table className="w-full text-left text-sm">
            <caption className="unseen">What changes</caption>
            <thead className="text-xs text-soft">
              <tr>
                <td />
                <th scope="col" className="pb-1 font-medium">
                  {offer.tier.name}, now
                </th>
                <th scope="col" className="pb-1 font-medium">
                  {next.name}
                </th>
              </tr>
            </thead>
            <tbody className="figures">
              {changesOf(offer).map(({ what, before, after }) => (
                <tr key={what} className="border-t border-line align-top">
                  <th scope="row" className="py-1.5 pr-3 font-normal text-soft">
                    {what}
                  </th>
                  <td className="py-1.5 pr-3 wrap-anywhere">{before}</td>
                  <td className="py-1.5 font-medium wrap-anywhere">{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="text-sm">
            It holds from the next call on, and what waited for money goes on. What was spent stays spent.
          </p>
          <p className="text-sm text-soft">
            {price === undefined
              ? 'The operator of this server has said no price. '
              : `${price} is the price that the operator of this server names. `}
            Nothing is charged here; whoever runs this server bills it, or does not.
          </p>
        </>
      )}
    </FormDialog>
  )
}
