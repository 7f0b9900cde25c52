// Erases a tenant for good. Whoever does it writes its short name, so that no slip erases another.
import { useState } from 'react'
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { Banner } from '../../../../parts/shown/banner.tsx'
import type { TenantDeedProps } from '../tenant-deed.tsx'

export function RemoveTenant({ tenant, onRemoving, onClose }: TenantDeedProps) {
  const [confirm, setConfirm] = useState('')
  const [isSlip, setSlip] = useState(false)
  const remove = useChange('remove_tenant', ['list_tenants', 'list_tiers'])
  const act = async () => {
    setSlip(confirm !== tenant.slug)
    if (confirm !== tenant.slug) return 'stay'
    onRemoving((await remove.mutateAsync({ tenant: tenant.id, confirm })).tenant)
    return undefined
  }
  return (
    <FormDialog
      title={`Remove ${tenant.name}?`}
      deed="Erase the tenant"
      isDanger
      isOpen
      {...{ onClose, act }}
    >
      {wrong => (
        <>
          <Banner kind="wrong">
            Everything it has is erased: documents, versions, users, keys, tasks, costs, its audit. It does
            not come back.
          </Banner>
          <p className="text-sm text-soft">
            If its people are to have their data, export it first:{' '}
            <code className="mt-1 block font-mono text-xs wrap-anywhere">
              gatehouse tenant export {tenant.slug} --to {tenant.slug}-export
            </code>
          </p>
          <TextField
            label={`Write ${tenant.slug} to go on`}
            required
            autoComplete="off"
            spellCheck={false}
            value={confirm}
            onChange={event => setConfirm(event.target.value)}
            wrong={isSlip ? `This is not ${tenant.slug}: nothing was removed.` : wrong('confirm')}
          />
        </>
      )}
    </FormDialog>
  )
}
