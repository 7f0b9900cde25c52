// Sets a limit on what a user, a key, a model or a task may spend, or changes one.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { Budget } from '../../../api/operations.gen.ts'
import { may, sessionQuery } from '../../../api/session.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { type Choice, Select } from '../../../parts/inputs/select.tsx'
import { exactUsd } from '../../../parts/shown/money.tsx'
import { budgetName, PERIOD_WORDS, SCOPE_WORDS } from './budget-words.ts'
import { typedThresholds } from './typed-thresholds.ts'
import { typedUsd } from './typed-usd.ts'

type Scope = Exclude<Budget['scope'], 'tenant'>
type Action = Budget['action']

const SCOPES: readonly Choice<Scope>[] = (['user', 'key', 'model', 'task'] as const).map(value => ({
  value,
  label: asLabel(SCOPE_WORDS[value]),
}))
const PERIODS: readonly Choice<Budget['period']>[] = (['day', 'week', 'month', 'lifetime'] as const).map(
  value => ({
    value,
    label: asLabel(PERIOD_WORDS[value]),
  }),
)
const ACTIONS: readonly Choice<Action>[] = [
  { value: 'block', label: 'Refuse calls that do not fit' },
  { value: 'degrade', label: 'Go on with a cheaper model' },
  { value: 'alert', label: 'Only tell' },
]
const EACH = '*'

/** A word of a sentence, standing alone. */
function asLabel(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

export interface BudgetFormProps {
  /** The one to change; a new one is set without it. */
  readonly budget: Budget | undefined
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onSet: (said: string) => void
}

export function BudgetForm({ budget, isOpen, onClose, onSet }: BudgetFormProps) {
  const set = useChange('set_budget', ['list_budgets', 'get_own_budgets'])
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({})
  const act = async (form: FormData): Promise<unknown> => {
    const [limit, thresholds] = [
      typedUsd(textOf(form, 'limit') ?? ''),
      typedThresholds(textOf(form, 'thresholds') ?? ''),
    ]
    const action = form.get('action') as Action
    const problems = {
      ...('wrong' in limit && { limit: limit.wrong }),
      ...('wrong' in thresholds && { thresholds: thresholds.wrong }),
    }
    setWrong(problems)
    if ('wrong' in limit || 'wrong' in thresholds) return 'stay'
    const answer = await set.mutateAsync({
      scope: form.get('scope') as Scope,
      period: form.get('period') as Budget['period'],
      member: textOf(form, 'member') ?? EACH,
      limit_nano: limit.nano,
      action,
      thresholds: thresholds.percents,
      ...(action === 'degrade' ? { degrade_to: textOf(form, 'degrade_to') ?? null } : {}),
    })
    onSet(`${budgetName(answer.budget)} is set.`)
    return undefined
  }
  return (
    <FormDialog
      title={budget === undefined ? 'Set a budget' : 'Change a budget'}
      deed={budget === undefined ? 'Set the budget' : 'Change the budget'}
      {...{ isOpen, act }}
      onClose={() => {
        setWrong({})
        onClose()
      }}
    >
      {wrongAt => (
        <>
          <Whose budget={budget} wrong={wrongAt('member')} />
          <TextField
            label="Limit in US dollars"
            name="limit"
            inputMode="decimal"
            required
            defaultValue={limitTyped(budget)}
            hint="0 blocks everything that costs."
            wrong={wrong['limit'] ?? wrongAt('limit_nano')}
          />
          <WhenFull budget={budget} wrong={wrongAt('degrade_to')} />
          <TextField
            label="Alerts at percent"
            name="thresholds"
            defaultValue={(budget?.thresholds ?? [50, 80, 95, 100]).join(', ')}
            hint="Once each in a window."
            wrong={wrong['thresholds'] ?? wrongAt('thresholds')}
          />
        </>
      )}
    </FormDialog>
  )
}

interface PartProps {
  readonly budget: Budget | undefined
  readonly wrong: string | undefined
}

/** Whose and of which time never changes: another one is another budget. */
function Whose({ budget, wrong }: PartProps) {
  const [scope, setScope] = useState<Scope>(
    budget === undefined || budget.scope === 'tenant' ? 'user' : budget.scope,
  )
  const [period, setPeriod] = useState<Budget['period']>(budget?.period ?? 'month')
  const fixed = budget?.each === true ? EACH : (budget?.member ?? undefined)
  const isFixed = budget !== undefined
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="What is limited"
          value={scope}
          choices={SCOPES}
          onChange={setScope}
          disabled={isFixed}
        />
        <Select
          label="Window (UTC)"
          value={period}
          choices={PERIODS}
          onChange={setPeriod}
          disabled={isFixed}
        />
      </div>
      <input type="hidden" name="scope" value={scope} />
      <input type="hidden" name="period" value={period} />
      {isFixed ? (
        <>
          <input type="hidden" name="member" value={fixed} />
          <p className="text-sm">
            Of{' '}
            <bdi className="font-medium wrap-anywhere">
              {fixed === EACH ? `each ${SCOPE_WORDS[scope]} by itself` : fixed}
            </bdi>
          </p>
        </>
      ) : (
        <Member key={scope} scope={scope} wrong={wrong} />
      )}
    </>
  )
}

const MEMBER_HINTS: Record<Scope, string> = {
  user: '* is each of them by itself.',
  key: '* is each of them by itself.',
  model: 'As it is configured, for example openai:gpt-4o; * is each of them by itself.',
  task: 'Its id; * is each of them by itself.',
}

/** More than one would look through. */
const MOST_CHOICES = 100

/** Chosen from those there are, where they are known and few; typed otherwise. */
function Member({ scope, wrong }: { readonly scope: Scope; readonly wrong: string | undefined }) {
  const known = useKnownMembers(scope)
  const [chosen, setChosen] = useState(EACH)
  const label = `Which ${SCOPE_WORDS[scope]}`
  if (known.length === 0 || known.length > MOST_CHOICES)
    return (
      <TextField
        label={label}
        name="member"
        required
        defaultValue={EACH}
        hint={MEMBER_HINTS[scope]}
        wrong={wrong}
      />
    )
  const choices = [{ value: EACH, label: `Each ${SCOPE_WORDS[scope]} by itself` }, ...known]
  return (
    <>
      <Select label={label} value={chosen} choices={choices} onChange={setChosen} />
      <input type="hidden" name="member" value={chosen} />
    </>
  )
}

function useKnownMembers(scope: Scope): readonly Choice<string>[] {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const users = useQuery({
    ...operationQuery('list_users', { limit: 1000 }),
    enabled: scope === 'user' && may(session, 'users:read'),
  })
  const keys = useQuery({
    ...operationQuery('list_api_keys', {}),
    enabled: scope === 'key' && may(session, 'keys:write'),
  })
  if (scope === 'user')
    return (users.data?.users ?? []).map(({ id, name }) => ({ value: id, label: name, hint: id }))
  if (scope !== 'key') return []
  const active = (keys.data?.keys ?? []).filter(({ status }) => status === 'active')
  return active.map(({ id, name, user }) => ({ value: id, label: name, hint: user }))
}

function WhenFull({ budget, wrong }: PartProps) {
  const [action, setAction] = useState<Action>(budget?.action ?? 'block')
  return (
    <>
      <Select label="When it is full" value={action} choices={ACTIONS} onChange={setAction} />
      <input type="hidden" name="action" value={action} />
      {action === 'degrade' && (
        <TextField
          label="Model to go on with"
          name="degrade_to"
          defaultValue={budget?.degrade_to ?? ''}
          hint="Left empty: answers are quoted from the documents, without a model."
          wrong={wrong}
        />
      )}
    </>
  )
}

function limitTyped(budget: Budget | undefined): string {
  const limit = budget?.limit_nano ?? null
  return limit === null ? '' : exactUsd(limit)
}
