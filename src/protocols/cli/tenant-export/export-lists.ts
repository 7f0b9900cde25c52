// The lists of an export, each a file with one JSON object a line. No secret is in any of them: keys, links and passwords
// are kept as hashes, and no operation answers with those.
import { allOf, type Exporting, type Item, type Listing } from './exporting.ts'

const AFTER = { from: 'next', to: 'after' } as const

const LISTS = {
  users: { operation: 'list_users', items: 'users', input: { limit: 1000 }, next: AFTER },
  api_keys: { operation: 'list_api_keys', items: 'keys' },
  invitations: {
    operation: 'list_invitations',
    items: 'invitations',
    input: { limit: 1000 },
    next: { from: 'next', to: 'before' },
  },
  ingestions: {
    operation: 'list_ingestions',
    items: 'ingestions',
    input: { limit: 100 },
    next: { from: 'next_cursor', to: 'cursor' },
  },
  budgets: { operation: 'list_budgets', items: 'budgets' },
  // As far as it is linked, as the audit.
  ledger: {
    operation: 'list_ledger',
    items: 'rows',
    input: { limit: 1000 },
    next: { from: 'next_cursor', to: 'cursor' },
  },
  prices: { operation: 'list_tenant_prices', items: 'prices' },
  webhooks: { operation: 'list_webhooks', items: 'webhooks' },
  budget_alerts: {
    operation: 'list_alerts',
    items: 'alerts',
    input: { limit: 1000 },
    next: { from: 'next', to: 'before' },
  },
} as const satisfies Record<string, Listing>

/** Answers how many of each there were. */
export async function exportLists(exporting: Exporting): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, listing] of Object.entries(LISTS))
    counts[name] = await exportList(exporting, name, allOf(exporting, listing))
  counts['groups'] = await exportList(exporting, 'groups', groupsWithMembers(exporting))
  return counts
}

async function exportList(
  { folder, progress }: Exporting,
  name: string,
  items: AsyncIterable<Item>,
): Promise<number> {
  const file = await folder.create(`${name}.jsonl`)
  let count = 0
  try {
    for await (const item of items) {
      await file.write(`${JSON.stringify(item)}\n`)
      count++
    }
  } finally {
    await file.close()
  }
  progress(`${name}: ${count}`)
  return count
}

async function* groupsWithMembers(exporting: Exporting): AsyncGenerator<Item> {
  const groups = { operation: 'list_groups', items: 'groups', input: { limit: 1000 }, next: AFTER }
  for await (const group of allOf(exporting, groups)) {
    const members: unknown[] = []
    const users = {
      operation: 'list_users',
      items: 'users',
      input: { group: group['id'], limit: 1000 },
      next: AFTER,
    }
    for await (const user of allOf(exporting, users)) members.push(user['id'])
    yield { ...group, members }
  }
}
