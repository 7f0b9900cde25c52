// Lets everybody of a suspended tenant in again.
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog } from '../../../../parts/forms/form-dialog.tsx'
import type { TenantDeedProps } from '../tenant-deed.tsx'

export function ResumeTenant({ tenant, onSaid, onClose }: TenantDeedProps) {
  const resume = useChange('resume_tenant', ['list_tenants'])
  const act = async () => {
    await resume.mutateAsync({ tenant: tenant.id })
    onSaid(`${tenant.name} is let in again.`)
  }
  return (
    <FormDialog title={`Resume ${tenant.name}?`} deed="Resume the tenant" isOpen {...{ onClose, act }}>
      {() => <p>Everybody in it is let in again; its background work goes on within a minute.</p>}
    </FormDialog>
  )
}
