// Lets nobody of a tenant in; nothing of it is lost.
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog, textOf } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import type { TenantDeedProps } from '../tenant-deed.tsx'

export function SuspendTenant({ tenant, onSaid, onClose }: TenantDeedProps) {
  const suspend = useChange('suspend_tenant', ['list_tenants'])
  const act = async (form: FormData) => {
    await suspend.mutateAsync({ tenant: tenant.id, reason: textOf(form, 'reason') ?? '' })
    onSaid(`${tenant.name} is suspended.`)
  }
  return (
    <FormDialog
      title={`Suspend ${tenant.name}?`}
      deed="Suspend the tenant"
      isDanger
      isOpen
      {...{ onClose, act }}
    >
      {wrong => (
        <>
          <p>
            The next call of everybody in it is refused, and running ones end. All it has stays; Resume lets
            them in.
          </p>
          <TextField
            label="Why"
            name="reason"
            required
            maxLength={200}
            autoComplete="off"
            hint="It is kept in the audit of the deployment."
            wrong={wrong('reason')}
          />
        </>
      )}
    </FormDialog>
  )
}
