// A new API key: what it is for, what it allows, how long it works.
import { useState } from 'react'
import { SCOPES } from '../../../../../src/gate/scopes.ts'
import type { Output } from '../../../api/call.ts'
import { useChange } from '../../../api/operation-query.ts'
import type { Scope } from '../../../api/operations.gen.ts'
import { may, type Session } from '../../../api/session.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { daysOf, type Expiry, ExpirySelect } from './expiry-select.tsx'

export interface NewApiKeyProps {
  readonly session: Session
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (made: Output<'create_api_key'>) => void
}

/** What most programs need: to search, to read and to ask. */
const USUAL: readonly Scope[] = ['documents:read', 'tasks:read', 'tasks:write']

export function NewApiKey({ session, isOpen, onClose, onMade }: NewApiKeyProps) {
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(USUAL))
  const [expiry, setExpiry] = useState<Expiry>('90')
  const create = useChange('create_api_key', ['list_api_keys'])
  const offered = SCOPE_LIST.filter(scope => may(session, scope))
  const act = async (form: FormData) => {
    const service = textOf(form, 'service')
    onMade(
      await create.mutateAsync({
        name: textOf(form, 'name') ?? '',
        scopes: offered.filter(scope => scopes.has(scope)),
        expires_in_days: daysOf(expiry),
        ...(service === undefined ? {} : { for_service: service }),
      }),
    )
  }
  const turn = (scope: Scope, isOn: boolean) =>
    setScopes(old => new Set(isOn ? [...old, scope] : [...old].filter(one => one !== scope)))
  return (
    <FormDialog title="New API key" deed="Create the key" {...{ isOpen, onClose, act }}>
      {wrong => (
        <>
          <TextField
            label="What is it for"
            name="name"
            required
            autoComplete="off"
            hint="Keys are told apart by it: “nightly import”, “support bot”."
            wrong={wrong('name')}
          />
          <ExpirySelect value={expiry} onChange={setExpiry} />
          <ScopesField {...{ offered, scopes }} onTurn={turn} wrong={wrong('scopes')} />
          {may(session, 'users:write') && (
            <TextField
              label="For a service, if it is not to speak for you"
              name="service"
              autoComplete="off"
              hint="The key then stays when you leave. Its calls are of service:<name>."
              wrong={wrong('for_service')}
            />
          )}
        </>
      )}
    </FormDialog>
  )
}

interface ScopesFieldProps {
  readonly offered: readonly Scope[]
  readonly scopes: ReadonlySet<Scope>
  readonly onTurn: (scope: Scope, isOn: boolean) => void
  readonly wrong: string | undefined
}

/** What administers is there, but not in the way of what most keys are for. */
function ScopesField({ offered, scopes, onTurn, wrong }: ScopesFieldProps) {
  const box = (scope: Scope) => (
    <Checkbox
      key={scope}
      label={SCOPES[scope]}
      hint={<span className="font-mono">{scope}</span>}
      checked={scopes.has(scope)}
      onChange={event => onTurn(scope, event.target.checked)}
    />
  )
  const chosen = offered.filter(scope => scopes.has(scope) && !FIRST.includes(scope)).length
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">What it allows</legend>
      {offered.filter(scope => FIRST.includes(scope)).map(box)}
      <details className="mt-1 text-sm">
        <summary className="min-h-6 text-soft hover:text-ink">
          More{chosen > 0 && `: ${chosen} chosen`}
        </summary>
        {offered.filter(scope => !FIRST.includes(scope)).map(box)}
      </details>
      {wrong !== undefined && <p className="text-xs text-wrong">{wrong}</p>}
    </fieldset>
  )
}

const FIRST: readonly Scope[] = [...USUAL, 'documents:write']
const SCOPE_LIST = Object.keys(SCOPES) as Scope[]
