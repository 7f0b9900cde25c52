// What is done with a group: made, named otherwise, its members changed, removed.
import { useChange } from '../../../api/operation-query.ts'
import type { Group } from '../../../api/operations.gen.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { GroupMembers } from './group-members.tsx'

export type GroupDeedName = 'create' | 'rename' | 'members' | 'remove'

export interface GroupDeedProps {
  readonly deed: GroupDeedName
  /** Absent for one that is to be made. */
  readonly group?: Group
  readonly onSaid: (words: string) => void
  readonly onClose: () => void
}

export function GroupDeed({ deed, group, onSaid, onClose }: GroupDeedProps) {
  if (group === undefined || deed === 'create') return <NameGroup {...{ onSaid, onClose }} />
  if (deed === 'rename') return <NameGroup {...{ group, onSaid, onClose }} />
  if (deed === 'members') return <GroupMembers {...{ group, onClose }} />
  return <RemoveGroup {...{ group, onSaid, onClose }} />
}

function NameGroup({ group, onSaid, onClose }: Omit<GroupDeedProps, 'deed'>) {
  const create = useChange('create_group', ['list_groups'])
  const rename = useChange('rename_group', ['list_groups', 'list_users'])
  const act = async (form: FormData) => {
    const name = textOf(form, 'name') ?? ''
    if (group === undefined) await create.mutateAsync({ name })
    else await rename.mutateAsync({ group: group.id, name })
    onSaid(
      group === undefined
        ? `The group ${name} is made; add its members.`
        : `The group is called ${name} now.`,
    )
  }
  return (
    <FormDialog
      title={group === undefined ? 'New group' : `Rename ${group.name}`}
      deed={group === undefined ? 'Create the group' : 'Save'}
      isOpen
      {...{ onClose, act }}
    >
      {wrong => (
        <TextField
          label="Name"
          name="name"
          required
          autoComplete="off"
          defaultValue={group?.name}
          wrong={wrong('name')}
        />
      )}
    </FormDialog>
  )
}

function RemoveGroup({
  group,
  onSaid,
  onClose,
}: { readonly group: Group } & Pick<GroupDeedProps, 'onSaid' | 'onClose'>) {
  const remove = useChange('remove_group', ['list_groups', 'list_users'])
  return (
    <Confirm
      title={`Remove the group ${group.name}?`}
      deed="Remove the group"
      isOpen
      onClose={onClose}
      act={async () => {
        await remove.mutateAsync({ group: group.id })
        onSaid(`The group ${group.name} is removed.`)
      }}
    >
      It goes from all access lists: its {group.members.toLocaleString()} members keep only what they may read
      by themselves or by other groups. They stay users of the tenant.
    </Confirm>
  )
}
