// The article's plain HTTP interface to tasks: /agent, /tasks and what lies below. A thin view of the same operations
// as A2A, for the same tokens, with the refusals of /api.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { missingScope } from '../../../gate/authorize.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { endConnection } from '../../http/door/admit-request.ts'
import { asRefusal, sendRefusal } from '../../http/http-faults.ts'
import type { Challenger } from '../../mcp/challenge.ts'
import { lookedFor } from '../a2a-caller.ts'
import type { AgentCards } from '../card/agent-cards.ts'
import { admitCaller, countForTier, type Admitting, type LimitRequest } from '../door/admit-caller.ts'
import { wwwAuthenticate } from '../errors/www-authenticate.ts'
import { agentSummary } from './agent-summary.ts'
import { facadeOperations, type FacadeDeps, type FacadeOperations } from './facade-operations.ts'
import { facadeTask } from './facade-task.ts'
import { newTask } from './new-task.ts'
import { sendTaskUpdates } from './send-task-updates.ts'
import { taskPage } from './task-page.ts'

export interface FacadeOptions extends Admitting, FacadeDeps {
  readonly card: AgentCards['card']
  readonly challenge: Challenger
  readonly limitRequest: LimitRequest
  readonly log: Logger
}

/** Whoever has no valid token for the agent gets the same 401 on every route but GET /agent. */
export function serveFacade(app: FastifyInstance, options: FacadeOptions): void {
  const operations = facadeOperations(options)
  app.get('/agent', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(agentSummary(await options.card())),
  )
  app.register((facade, _options, registered) => {
    facade.decorateRequest('principal')
    facade.addHook('onRequest', async (request, reply) => {
      await admitCaller(request, reply, options)
    })
    facade.setErrorHandler((error, request, reply) =>
      refuse(error, request, reply, { ...options, operations }),
    )
    const counted = (name: Parameters<FacadeOperations['named']>[0]) => ({
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        const operation = operations.named(name)
        request.facts.operation = operation.name
        await countForTier(request, reply, {
          uncounted: operation.uncounted,
          limitRequest: options.limitRequest,
        })
      },
    })
    mountTasks(facade, operations, { counted, log: options.log })
    registered()
  })
}

type Counted = (name: Parameters<FacadeOperations['named']>[0]) => {
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

function mountTasks(
  facade: FastifyInstance,
  operations: FacadeOperations,
  { counted, log }: { readonly counted: Counted; readonly log: Logger },
): void {
  facade.post('/tasks', counted('start_task'), async (request, reply) => {
    const { task } = await operations.run(
      'start_task',
      newTask(request.body, request.headers['idempotency-key']),
      request,
    )
    return reply.code(201).header('location', `/tasks/${task.task_id}`).send(facadeTask(task))
  })
  facade.get('/tasks', counted('list_tasks'), async request =>
    taskPage(request.query as Record<string, unknown>, input => operations.run('list_tasks', input, request)),
  )
  facade.get('/tasks/:id', counted('get_task'), async request => {
    const { task } = await operations.run('get_task', { task_id: idOf(request) }, request)
    return facadeTask(task)
  })
  const cancel = async (request: FastifyRequest): Promise<Record<string, unknown>> => {
    const { task } = await operations.run('cancel_task', { task_id: idOf(request) }, request)
    return facadeTask(task)
  }
  facade.delete('/tasks/:id', counted('cancel_task'), cancel)
  facade.post('/tasks/:id/cancel', counted('cancel_task'), cancel)
  // Without its HEAD: that would follow the task to its end and say nothing of it.
  facade.get(
    '/tasks/:id/events',
    { ...counted('follow_task'), exposeHeadRoute: false },
    async (request, reply) =>
      sendTaskUpdates(request, reply, { taskId: idOf(request), follow: operations.follow, log }),
  )
}

/** What is no id at all is looked for and not found, like one of somebody else. */
function idOf({ params }: FastifyRequest): string {
  return lookedFor((params as { readonly id: string }).id, { isElsewhere: false })
}

function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, challenge, operations }: FacadeOptions & { readonly operations: FacadeOperations },
): FastifyReply {
  const refused = asRefusal(error)
  const { fault: problem, status } = refused
  if (status >= 500) log.error({ err: error, request_id: request.id }, 'a request to /tasks failed')
  if (request.body === undefined) endConnection(reply)
  const { principal, facts } = request
  const operation = operations.all.find(({ name }) => name === facts.operation)
  const scope =
    operation === undefined || principal === undefined ? undefined : missingScope(operation, principal)
  const asked = wwwAuthenticate(problem, { challenge, missingScope: scope })
  if (asked !== undefined) reply.header('www-authenticate', asked)
  return sendRefusal(reply, refused)
}
