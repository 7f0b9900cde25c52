// Every address of the page. What a page shows stands in its address, so that each state can be sent to somebody.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { placeOf, sessionQuery } from './api/session.ts'
import { DEPLOYMENT } from './api/place.ts'
import { documentParams, documentsParams } from './journeys/documents/documents-params.ts'
import {
  accountsParams,
  auditParams,
  keysParams,
  tenantsParams,
  usersParams,
} from './journeys/admin/admin-params.ts'
import { startParams } from './journeys/start/start-params.ts'
import { costsParams } from './journeys/costs/costs-params.ts'
import { searchParams } from './journeys/search/search-params.ts'
import { askParams } from './journeys/ask/ask-params.ts'
import { taskParams, tasksParams } from './journeys/tasks/tasks-params.ts'
import { connectParams } from './journeys/connect/connect-params.ts'
import { FailedPage, MissingPage } from './shell/no-page.tsx'
import { Shell } from './shell/shell.tsx'
import { Waiting } from './parts/shown/waiting.tsx'

interface Context {
  readonly client: QueryClient
}

const root = createRootRouteWithContext<Context>()({
  component: Shell,
  loader: ({ context }) => context.client.ensureQueryData(sessionQuery),
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.client.ensureQueryData(sessionQuery)
    const place = placeOf(session)
    if (place === undefined) throw redirect({ to: '/account' })
    throw redirect(place === DEPLOYMENT ? { to: '/tenants' } : { to: '/search' })
  },
})

const start = createRoute({
  getParentRoute: () => root,
  path: '/start',
  validateSearch: startParams,
  component: lazyRouteComponent(() => import('./journeys/start/start-page.tsx'), 'StartPage'),
})

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: searchParams,
  component: lazyRouteComponent(() => import('./journeys/search/search-page.tsx'), 'SearchPage'),
})

const documents = createRoute({
  getParentRoute: () => root,
  path: '/documents',
  validateSearch: documentsParams,
  component: lazyRouteComponent(() => import('./journeys/documents/documents-page.tsx'), 'DocumentsPage'),
})

const document = createRoute({
  getParentRoute: () => root,
  path: '/documents/$documentId',
  validateSearch: documentParams,
  component: lazyRouteComponent(() => import('./journeys/documents/document-page.tsx'), 'DocumentPage'),
})

const ask = createRoute({
  getParentRoute: () => root,
  path: '/ask',
  validateSearch: askParams,
  component: lazyRouteComponent(() => import('./journeys/ask/ask-page.tsx'), 'AskPage'),
})

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: tasksParams,
  component: lazyRouteComponent(() => import('./journeys/tasks/tasks-page.tsx'), 'TasksPage'),
})

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$taskId',
  validateSearch: taskParams,
  component: lazyRouteComponent(() => import('./journeys/tasks/task-page.tsx'), 'TaskPage'),
})

const costs = createRoute({
  getParentRoute: () => root,
  path: '/costs',
  validateSearch: costsParams,
  component: lazyRouteComponent(() => import('./journeys/costs/costs-page.tsx'), 'CostsPage'),
})

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: connectParams,
  component: lazyRouteComponent(() => import('./journeys/connect/connect-page.tsx'), 'ConnectPage'),
})

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: usersParams,
  component: lazyRouteComponent(() => import('./journeys/admin/users-page.tsx'), 'UsersPage'),
})

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  validateSearch: keysParams,
  component: lazyRouteComponent(() => import('./journeys/admin/keys-page.tsx'), 'KeysPage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditParams,
  component: lazyRouteComponent(() => import('./journeys/admin/audit-page.tsx'), 'AuditPage'),
})

const tenants = createRoute({
  getParentRoute: () => root,
  path: '/tenants',
  validateSearch: tenantsParams,
  component: lazyRouteComponent(() => import('./journeys/admin/tenants-page.tsx'), 'TenantsPage'),
})

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  validateSearch: accountsParams,
  component: lazyRouteComponent(() => import('./journeys/admin/accounts-page.tsx'), 'AccountsPage'),
})

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('./journeys/system/system-page.tsx'), 'SystemPage'),
})

const isolation = createRoute({
  getParentRoute: () => root,
  path: '/isolation',
  component: lazyRouteComponent(() => import('./journeys/isolation/isolation-page.tsx'), 'IsolationPage'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./journeys/account/account-page.tsx'), 'AccountPage'),
})

const routeTree = root.addChildren([
  home,
  start,
  search,
  documents,
  document,
  ask,
  tasks,
  task,
  costs,
  connect,
  users,
  keys,
  audit,
  tenants,
  accounts,
  system,
  isolation,
  account,
])

export function pageRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    basepath: '/app',
    // What a route's validateSearch drops is gone: else it would come back as it stands in the address.
    search: { strict: true },
    context: { client },
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Waiting what="the page" />,
    defaultErrorComponent: FailedPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof pageRouter>
  }
}
