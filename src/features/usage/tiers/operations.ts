// The operations on tiers.
import type { Operation } from '../../../gate/operation.ts'
import { deleteTier } from './delete-tier.ts'
import { getTier } from './get-tier.ts'
import { listTiers } from './list-tiers.ts'
import { getTierOffer } from './offer/get-tier-offer.ts'
import { upgradeTier, type UpgradeTierDeps } from './offer/upgrade-tier.ts'
import { setTier, type SetTierDeps } from './set-tier.ts'

export type TiersDeps = SetTierDeps & UpgradeTierDeps

export function operations(deps: TiersDeps): Operation[] {
  return [listTiers, getTier, setTier(deps), deleteTier(deps), getTierOffer, upgradeTier(deps)]
}
