// What a story is played on: a real server process with the page as it is shipped, one browser, and people who come to it.
import type { Browser, Cookie } from 'playwright-core'
import type { Operations } from '../../web/src/api/operations.gen.ts'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import {
  type Deployment,
  type DeploymentOptions,
  openDeployment,
  type RunningProcess,
  until,
} from '../acceptance/server-process.ts'
import { BROWSER, openBrowser, visitor, type Visitor, type VisitorOptions } from './visitor.ts'

/** The first account: operator, and owner of the sample tenants. */
export const ADA = {
  email: 'ada@example.com',
  name: 'Ada Loveday',
  password: 'correct horse battery staple 9',
}

/** A slug of a tenant, or the deployment itself. */
export type Place = string | typeof DEPLOYMENT
export const DEPLOYMENT = Symbol('the deployment')

export interface Ground {
  readonly url: string
  readonly deployment: Deployment
  readonly server: RunningProcess
  /** Somebody who is not signed in. */
  visit(options?: Partial<VisitorOptions>): Promise<Visitor>
  /** Ada, signed in and in that place; nothing is open yet. */
  ada(place: Place, options?: Partial<VisitorOptions>): Promise<Visitor>
  /** What an operation answers to whoever this is. Throws with the refusal. */
  operate<Name extends keyof Operations>(
    who: Visitor,
    operation: Name,
    input: Operations[Name]['input'],
  ): Promise<Operations[Name]['output']>
}

export interface GroundOptions extends DeploymentOptions {
  /** Before the server starts; what it answers is added to the server's environment. */
  readonly before?: () => Promise<Record<string, string>>
  /** Ada has an account (by default). */
  readonly hasAda?: boolean
  /** Another server than a process of its own. */
  readonly opens?: () => Promise<Opened>
  /** People come through it: the address of something that passes their requests on. */
  readonly through?: (url: string) => Promise<string>
}

interface Opened {
  readonly url: string
  readonly firstRunLink: string
  close(): Promise<unknown>
}

/** Where there is no browser, its stories are skipped, and `npm test` says so. */
export const describeInBrowser = BROWSER === undefined ? describe.skip : describe

/**
 * For the describe block it is called in: there from its first test to its last. A test that fails leaves a picture of
 * what each visitor saw, and whatever a page complained about fails the test.
 */
export function ground({ before, hasAda = true, opens, through, ...options }: GroundOptions = {}): Ground {
  let deployment: Deployment | undefined
  let server: RunningProcess | undefined
  let browser: Browser | undefined
  let opened: Opened | undefined
  let url: string | undefined
  const visitors = new Set<Visitor>()
  const sessions = new Map<Place, Cookie[]>()

  const openProcess = async (): Promise<Opened> => {
    const more = await before?.()
    const made = await openDeployment({ ...options, env: { ...options.env, ...more } })
    deployment = made
    server = await made.start()
    return { url: made.url, firstRunLink: firstRunLink(server), close: () => made.close() }
  }
  beforeAll(async () => {
    ;[opened, browser] = await Promise.all([(opens ?? openProcess)(), openBrowser()])
    url = (await through?.(opened.url)) ?? opened.url
    if (hasAda) await makeAda(opened)
  })
  afterEach(async ({ task }) => {
    const complaints = [...visitors].flatMap(one => one.complaints)
    const failed = task.result?.state === 'fail' || complaints.length > 0
    const story = task.file.name.replace(/.*\/|\.test\.ts$/g, '')
    for (const [index, one] of [...visitors].entries()) {
      if (failed) await one.shot(`failed/${story}-${task.name.replace(/[^\w]+/g, '-')}-${index}`)
      await one.close()
    }
    visitors.clear()
    expect(complaints).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await (opened ?? deployment)?.close()
  })

  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('the ground is there within its tests only')
    return thing
  }
  const visit: Ground['visit'] = async more => {
    const made = await visitor(there(browser), { url: there(url), ...more })
    visitors.add(made)
    return made
  }
  return {
    get url() {
      return there(url)
    },
    get deployment() {
      return there(deployment)
    },
    get server() {
      return there(server)
    },
    visit,
    async ada(place, more) {
      const made = await visit(more)
      // Signing in is limited to some in a minute, and every session acts in one place.
      const kept = sessions.get(place)
      if (kept === undefined) await signIn(made, ADA)
      else await made.context.addCookies(kept)
      sessions.set(place, await made.context.cookies(made.url))
      await goTo(made, place)
      return made
    },
    operate: (who, operation, input) => sendJson(who, 'POST', `/api/${operation}`, input),
  }
}

/** A new tenant of which Ada is the owner, as the deployment's operator; she acts in it from then on. */
export async function makeTenant(
  it: Ground,
  ada: Visitor,
  tenant: Operations['create_tenant']['input'],
): Promise<void> {
  const { slug } = tenant
  await it.operate(ada, 'create_tenant', tenant)
  await until(
    async () => (await it.operate(ada, 'get_tenant', { tenant: slug })).tenant.status === 'active',
    `the tenant ${slug} is there`,
  )
  await it.operate(ada, 'appoint_owner', { tenant: slug, email: ADA.email, name: ADA.name })
  await goTo(ada, slug)
}

export interface Account {
  readonly email: string
  readonly password: string
}

/** Without the form, which has tests of its own. */
export async function signIn(who: Visitor, { email, password }: Account): Promise<void> {
  await sendJson(who, 'POST', '/api/session', { email, password })
}

/** By another window than the one that is open, if one is. */
export async function goTo(who: Visitor, place: Place): Promise<void> {
  await sendJson(who, 'PUT', '/api/session', place === DEPLOYMENT ? { deployment: true } : { tenant: place })
}

/** With the visitor's cookie, as their page sends it. */
export async function sendJson<Output>(
  { context, url }: Visitor,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  data?: unknown,
): Promise<Output> {
  const answer = await context.request.fetch(path, { method, data, headers: { origin: url } })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as Output
}

async function makeAda({ url, firstRunLink: link }: Opened): Promise<void> {
  const answer = await fetch(`${url}/api/links/first-run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ ...ADA, code: link.split('#')[1] }),
  })
  if (!answer.ok) throw new Error(`no first account: ${await answer.text()}`)
}

/** As the server prints it. */
export function firstRunLink(server: RunningProcess): string {
  return /http:\S+\/app\/first-run#\S+/.exec(server.stdout())?.[0] ?? ''
}
