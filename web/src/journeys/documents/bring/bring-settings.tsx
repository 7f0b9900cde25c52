// What all new documents get: labels, a collection, who may read them. Closed until somebody wants it otherwise.
import { useId } from 'react'
import type { Session } from '../../../api/session.ts'
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { AccessChoice } from '../about/access-choice.tsx'
import { labelsOf } from '../about/label-words.ts'
import type { BringSettings } from './brought-file.ts'

/** As it is typed. */
export interface SettingsDraft extends Omit<BringSettings, 'labels'> {
  readonly labels: string
}

export const NO_DRAFT: SettingsDraft = {
  labels: '',
  collection: undefined,
  access: undefined,
  isNextVersion: true,
}

export function settingsOf({ labels, collection, access, isNextVersion }: SettingsDraft): BringSettings {
  const group = collection?.trim()
  return { labels: labelsOf(labels), collection: group === '' ? undefined : group, access, isNextVersion }
}

export interface BringSettingsFormProps {
  readonly session: Session
  readonly draft: SettingsDraft
  readonly onChange: (draft: SettingsDraft) => void
}

export function BringSettingsForm({ session, draft, onChange }: BringSettingsFormProps) {
  const id = useId()
  return (
    <details className="mb-4 rounded-lg border border-line bg-card">
      <summary className="px-4 py-2.5 text-sm" aria-describedby={id}>
        New documents get{' '}
        <span id={id} className="font-medium wrap-anywhere">
          {draftWords(draft)}
        </span>
      </summary>
      <div className="grid gap-4 border-t border-line p-4 md:grid-cols-2">
        <div className="space-y-3">
          <TextField
            label="Labels"
            value={draft.labels}
            placeholder="client-a, contract"
            hint="With commas between them. For filters, and for the costs of a client or matter."
            autoComplete="off"
            onChange={event => onChange({ ...draft, labels: event.currentTarget.value })}
          />
          <TextField
            label="Collection"
            value={draft.collection ?? ''}
            maxLength={100}
            hint="The one group of documents they belong to, like a folder."
            autoComplete="off"
            onChange={event => onChange({ ...draft, collection: event.currentTarget.value })}
          />
          <Checkbox
            label="A file that is here already becomes a new version"
            hint="Known by its path. Otherwise it becomes another document."
            checked={draft.isNextVersion}
            onChange={event => onChange({ ...draft, isNextVersion: event.currentTarget.checked })}
          />
        </div>
        <AccessChoice
          session={session}
          value={listOf(draft.access)}
          onChange={access => onChange({ ...draft, access: access === 'everyone' ? undefined : access })}
        />
      </div>
    </details>
  )
}

function listOf(access: BringSettings['access']) {
  return access === undefined
    ? ('everyone' as const)
    : { users: access.users ?? [], groups: access.groups ?? [] }
}

function draftWords(draft: SettingsDraft): string {
  const { labels, collection, access } = settingsOf(draft)
  const readers = (access?.users?.length ?? 0) + (access?.groups?.length ?? 0)
  return [
    labels.length === 0 ? 'no labels' : `the labels ${labels.join(', ')}`,
    collection === undefined ? 'no collection' : `the collection ${collection}`,
    access === undefined ? 'and are open to everyone in this tenant' : `and are open to ${readers} you chose`,
  ].join(', ')
}
