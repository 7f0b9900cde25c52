// Every budget of the tenant: whose, of which window, how full, and what happens when it is. Who may, sets others.
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import type { Budget } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { RowMenu } from '../../../parts/actions/row-menu.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import type { NameOf } from '../use-names.ts'
import { BudgetForm } from './budget-form.tsx'
import { BudgetMeter } from './budget-meter.tsx'
import { actionWords, budgetKey, budgetName, PERIOD_WORDS, SCOPE_WORDS } from './budget-words.ts'

export interface BudgetsCardProps {
  readonly budgets: readonly Budget[]
  readonly nameOf: NameOf
  /** Whether the caller sets budgets of users, keys, models and tasks. */
  readonly maySet: boolean
}

type Doing = { readonly edit: Budget | undefined } | { readonly remove: Budget }

export function BudgetsCard({ budgets, nameOf, maySet }: BudgetsCardProps) {
  const [doing, setDoing] = useState<Doing>()
  const [said, setSaid] = useState('')
  const close = () => setDoing(undefined)
  const removed = doing !== undefined && 'remove' in doing ? doing.remove : undefined
  return (
    <Card
      title="Budgets"
      actions={
        maySet && (
          <Button onClick={() => setDoing({ edit: undefined })} aria-haspopup="dialog">
            <Plus size={14} aria-hidden="true" /> Set a budget
          </Button>
        )
      }
    >
      <Said>{said}</Said>
      <Table
        caption="Budgets"
        rows={budgets}
        keyOf={budgetKey}
        columns={[...columnsFor(nameOf), ...(maySet ? [menuColumn(nameOf, setDoing)] : [])]}
      />
      <p className="mt-2 text-sm text-soft">
        A call must fit in every budget that concerns it; windows begin at midnight UTC. What the tenant may
        spend at all is for the operator of this server to say.
      </p>
      <BudgetForm
        budget={doing !== undefined && 'edit' in doing ? doing.edit : undefined}
        isOpen={doing !== undefined && 'edit' in doing}
        onClose={close}
        onSet={setSaid}
      />
      {removed !== undefined && (
        <RemoveBudget budget={removed} name={nameIn(nameOf, removed)} onClose={close} onRemoved={setSaid} />
      )}
    </Card>
  )
}

function columnsFor(nameOf: NameOf): readonly Column<Budget>[] {
  return [
    {
      key: 'whose',
      head: 'Whose',
      cell: budget => (
        <span className="block min-w-36">
          <bdi className="font-medium wrap-anywhere">{whose(nameOf, budget)}</bdi>
          <span className="block text-xs text-soft">{sourceWords(budget)}</span>
        </span>
      ),
    },
    {
      key: 'used',
      head: 'Used',
      cell: budget => <BudgetMeter budget={budget} name={nameIn(nameOf, budget)} />,
    },
    { key: 'spent', head: 'Spent', cell: ({ spent_nano }) => <Money nano={spent_nano} />, isFigure: true },
    {
      key: 'held',
      head: 'Held',
      cell: ({ held_nano }) => <Money nano={held_nano} />,
      isFigure: true,
      isMinor: true,
    },
    {
      key: 'left',
      head: 'Left',
      cell: ({ left_nano }) => (left_nano === null ? '–' : <Money nano={left_nano} />),
      isFigure: true,
    },
    {
      key: 'limit',
      head: 'Limit',
      cell: ({ limit_nano, granted_nano }) => (
        <>
          {limit_nano === null ? 'none' : <Money nano={limit_nano} />}
          {granted_nano !== '0' && (
            <span className="block text-xs text-soft">
              + <Money nano={granted_nano} /> granted
            </span>
          )}
        </>
      ),
      isFigure: true,
    },
    {
      key: 'resets',
      head: 'Resets',
      cell: ({ resets_at }) => (
        <span className="text-xs whitespace-nowrap">
          {resets_at === null ? 'never' : <Time at={resets_at} form="whole" />}
        </span>
      ),
    },
    { key: 'action', head: 'When full', cell: actionWords, isMinor: true },
  ]
}

/** The tenant's own is the operator's; of each member's the rule is changed, not the member. */
function menuColumn(nameOf: NameOf, set: (doing: Doing) => void): Column<Budget> {
  return {
    key: 'menu',
    head: <span className="unseen">Actions</span>,
    cell: budget =>
      budget.scope !== 'tenant' && (
        <RowMenu
          of={nameIn(nameOf, budget)}
          items={[
            { key: 'edit', words: 'Change', act: () => set({ edit: budget }) },
            { key: 'remove', words: 'Delete', act: () => set({ remove: budget }), isDanger: true },
          ]}
        />
      ),
  }
}

interface RemoveProps {
  readonly budget: Budget
  readonly name: string
  readonly onClose: () => void
  readonly onRemoved: (said: string) => void
}

function RemoveBudget({ budget, name, onClose, onRemoved }: RemoveProps) {
  const remove = useChange('delete_budget', ['list_budgets', 'get_own_budgets', 'list_alerts'])
  const { scope, period } = budget
  const every = budget.each ? budgetName({ scope, period, member: '*' }) : name
  const act = async () => {
    await remove.mutateAsync({ scope, period, member: storedMember(budget) })
    onRemoved(`${every} is deleted.`)
  }
  return (
    <Confirm title="Delete a budget" deed="Delete the budget" isOpen onClose={onClose} act={act}>
      {every} no longer limits anything. What was counted against it is forgotten; what was spent stays in the
      ledger.
    </Confirm>
  )
}

/** "*" of a budget that stands for every member, whoever is shown. */
export function storedMember({ each, member }: Pick<Budget, 'each' | 'member'>): string | undefined {
  return each ? '*' : (member ?? undefined)
}

/** Its window, and what kind of thing it limits. */
function sourceWords({ scope, tier, each, period }: Budget): string {
  const kind =
    scope === 'tenant'
      ? tier === null
        ? 'set by the operator'
        : 'from the tier'
      : `${SCOPE_WORDS[scope]}${each ? ', each by itself' : ''}`
  return `${PERIOD_WORDS[period]}, ${kind}`
}

function whose(nameOf: NameOf, { scope, member, each }: Budget): string {
  if (scope === 'tenant') return 'The tenant'
  return each && member === '*' ? `Each ${SCOPE_WORDS[scope]}` : nameOf(scope, member)
}

function nameIn(nameOf: NameOf, budget: Budget): string {
  return budgetName(budget, budget.scope === 'tenant' ? null : nameOf(budget.scope, budget.member))
}
