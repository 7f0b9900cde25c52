// Changes what a tier allows, for all its tenants from their next call on.
import { useState } from 'react'
import { useChange } from '../../../../api/operation-query.ts'
import type { Tier } from '../../../../api/operations.gen.ts'
import { FormDialog, textOf } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { exactUsd } from '../../../../parts/shown/money.tsx'
import { nanoOf } from './usd.ts'

export interface TierFormProps {
  readonly tier: Tier
  readonly onSaid: (words: string) => void
  readonly onClose: () => void
}

export function TierForm({ tier, onSaid, onClose }: TierFormProps) {
  const [limitWrong, setLimitWrong] = useState<string>()
  const set = useChange('set_tier', ['list_tiers'])
  const act = async (form: FormData) => {
    const limit = textOf(form, 'limit')
    const limit_nano = limit === undefined ? null : nanoOf(limit)
    setLimitWrong(limit_nano === undefined ? 'Write dollars, as 25 or 0.50.' : undefined)
    if (limit_nano === undefined) return 'stay'
    const rate = textOf(form, 'rate')
    const models = textOf(form, 'models')?.split(/[\s,]+/) ?? []
    const requests_per_minute = rate === undefined ? null : Number(rate)
    await set.mutateAsync({ tier: tier.id, limit_nano, requests_per_minute, models })
    onSaid(`The tier ${tier.name} is changed.`)
    return undefined
  }
  return (
    <FormDialog title={`Change the tier ${tier.name}`} deed="Save" isOpen {...{ onClose, act }}>
      {wrong => (
        <>
          <p className="text-sm text-soft">
            It holds for the {tier.tenants.toLocaleString()} tenants in it from their next call on.
          </p>
          <TextField
            label="Limit a calendar month, in USD"
            name="limit"
            inputMode="decimal"
            autoComplete="off"
            defaultValue={tier.limit_nano === null ? '' : exactUsd(tier.limit_nano)}
            hint="Empty is no limit; 0 lets nothing be spent."
            wrong={limitWrong ?? wrong('limit_nano')}
          />
          <TextField
            label="Calls a minute"
            name="rate"
            type="number"
            min={1}
            autoComplete="off"
            defaultValue={tier.requests_per_minute ?? ''}
            hint="Empty is the rate of the deployment."
            wrong={wrong('requests_per_minute')}
          />
          <TextField
            label="Models"
            name="models"
            autoComplete="off"
            spellCheck={false}
            defaultValue={tier.models.join(', ')}
            hint="As openai:gpt-4o, ollama:* or * for all; empty is none."
            wrong={wrong('models')}
          />
        </>
      )}
    </FormDialog>
  )
}
