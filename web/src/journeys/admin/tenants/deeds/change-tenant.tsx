// Another name or tier.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../../api/operation-query.ts'
import { FormDialog, textOf } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { Select } from '../../../../parts/inputs/select.tsx'
import type { TenantDeedProps } from '../tenant-deed.tsx'

export function ChangeTenant({ tenant, onSaid, onClose }: TenantDeedProps) {
  const tiers = useQuery(operationQuery('list_tiers', {}))
  const [tier, setTier] = useState(tenant.tier)
  const update = useChange('update_tenant', ['list_tenants', 'list_tiers'])
  const act = async (form: FormData) => {
    const name = textOf(form, 'name') ?? tenant.name
    await update.mutateAsync({ tenant: tenant.id, name, ...(tier === tenant.tier ? {} : { tier }) })
    onSaid(`${name} is changed.`)
  }
  return (
    <FormDialog title={`Change ${tenant.name}`} deed="Save" isOpen {...{ onClose, act }}>
      {wrong => (
        <>
          <TextField label="Name" name="name" required defaultValue={tenant.name} wrong={wrong('name')} />
          <Select
            label="Tier"
            value={tier}
            choices={
              tiers.data?.tiers.map(({ id, name }) => ({ value: id, label: name })) ?? [
                { value: tier, label: tier },
              ]
            }
            onChange={setTier}
          />
          <p className="text-xs text-soft">
            A new tier decides from the tenant’s next call on: what it may spend, how often it may call, which
            models.
          </p>
        </>
      )}
    </FormDialog>
  )
}
