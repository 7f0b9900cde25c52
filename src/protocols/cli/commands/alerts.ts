// The commands on budget alerts and the webhooks that are told of them.
import type { ListedAlert } from '../../../features/usage/alerts/list-alerts.ts'
import { alertLines } from '../cost/alert-lines.ts'
import type { OperationCommand } from './operation-command.ts'

const id = ['<id>', 'the webhook, as `webhook list` shows it'] as const
const LOOK = ['costs:read']
const CHANGE = ['costs:read', 'budgets:write']

export const ALERT_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'alert list',
    says: 'list which budgets of a tenant have reached which thresholds, newest first',
    operation: 'list_alerts',
    scopes: LOOK,
    options: [
      ['--before <alert>', 'begin after the last one of the page before'],
      ['--limit <count>', '1 to 1000 (default 100)'],
    ],
    input: ({ before, limit }) => ({ before, limit: limit === undefined ? undefined : Number(limit) }),
    show: result => result['alerts'],
    lines: shown => alertLines(shown as ListedAlert[]),
    example: 'gatehouse alert list --tenant acme',
  },
  {
    path: 'webhook create',
    says: 'have the budget alerts of a tenant posted to a URL, signed; the secret is shown once',
    operation: 'create_webhook',
    scopes: CHANGE,
    argument: ['<url>', 'an https URL of a public host'],
    input: (_, url) => ({ url }),
    show: result => ({ ...(result['webhook'] as object), secret: result['secret'] }),
    afterwards: 'the secret cannot be shown again; try it with: gatehouse webhook test <id>',
    example: 'gatehouse webhook create https://hooks.acme.com/gatehouse --tenant acme',
  },
  {
    path: 'webhook list',
    says: 'list the webhooks of a tenant, with what came of the last post',
    operation: 'list_webhooks',
    scopes: LOOK,
    input: () => ({}),
    show: result => result['webhooks'],
    example: 'gatehouse webhook list --tenant acme',
  },
  {
    path: 'webhook test',
    says: 'post a signed test message to a webhook and say what came of it',
    operation: 'test_webhook',
    scopes: CHANGE,
    argument: id,
    input: (_, webhook) => ({ id: webhook }),
    example: 'gatehouse webhook test 0198f2c0-… --tenant acme',
  },
  {
    path: 'webhook delete',
    says: 'post nothing to a webhook any more',
    operation: 'delete_webhook',
    scopes: CHANGE,
    argument: id,
    input: (_, webhook) => ({ id: webhook }),
    example: 'gatehouse webhook delete 0198f2c0-… --tenant acme',
  },
]
