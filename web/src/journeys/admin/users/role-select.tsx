// Which role somebody gets: those above one's own are not offered.
import type { Role } from '../../../api/operations.gen.ts'
import { Select } from '../../../parts/inputs/select.tsx'
import { reaches, ROLES } from './roles.ts'

export interface RoleSelectProps {
  readonly own: Role | undefined
  readonly value: Role
  readonly onChange: (role: Role) => void
}

export function RoleSelect({ own, value, onChange }: RoleSelectProps) {
  const choices = ROLES.filter(role => reaches(own, role.value))
  const hint = ROLES.find(role => role.value === value)?.hint
  return (
    <div>
      <Select label="Role" value={value} choices={choices} onChange={onChange} />
      {hint !== undefined && (
        <p className="mt-1 text-xs text-soft">
          The role {value} {hint}.
        </p>
      )}
    </div>
  )
}
