// Somebody at a browser, as the tests of the page see them: what they do, and everything that went wrong meanwhile.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findBrowser } from '../../scripts/browser.ts'

export const BROWSER = findBrowser()

/** Where a run leaves what it saw. */
const SHOTS = join(import.meta.dirname, '../../coverage/shots')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** On a machine that is busy with other tests an answer may take its time; nothing here waits for a clock. */
const PATIENCE_MS = 20_000

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** The server's address. */
  readonly url: string
  /** Console errors, uncaught errors, violated policies, dialogs and requests to other hosts, in order. */
  readonly complaints: string[]
  /** Signs in by the form. */
  signIn(email: string, password: string, next?: string): Promise<void>
  /** Serious and critical findings of axe (WCAG 2.2 A and AA, or of these rules alone), each as one line. */
  barriers(rules?: string[]): Promise<string[]>
  /** Whether the page can be scrolled sideways. */
  isTooWide(): Promise<boolean>
  /** A picture of the page as it is, below coverage/shots. */
  shot(name: string): Promise<void>
  close(): Promise<void>
}

export interface VisitorOptions {
  /** The server's address. */
  readonly url: string
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

export function openBrowser(): Promise<Browser> {
  if (BROWSER === undefined)
    throw new Error('no browser: `npm run browser` as root on Debian, or GATEHOUSE_BROWSER')
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] })
}

export async function visitor(
  browser: Browser,
  { url, width = 1280, height = 900, scheme = 'light' }: VisitorOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: 'Europe/Berlin',
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  context.on('page', page => listenTo(page, url, complaints))
  const page = await context.newPage()
  return {
    page,
    context,
    url,
    complaints,
    async signIn(email, password, next) {
      await page.goto(`/app/sign-in${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`)
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(/\/app(?!\/sign-in)/)
    },
    async barriers(rules) {
      // What passes is not told: telling it takes most of the time.
      const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], iframes: false })
      const { violations } = await (rules === undefined ? axe.withTags(TAGS) : axe.withRules(rules)).analyze()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
        )
    },
    isTooWide: () =>
      page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
    async shot(name) {
      const path = join(SHOTS, `${name}.png`)
      mkdirSync(dirname(path), { recursive: true })
      await page.screenshot({ path })
    },
    close: () => context.close(),
  }
}

function listenTo(page: Page, url: string, complaints: string[]): void {
  page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`))
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', message => {
    // A refusal is shown by the page itself; the browser also writes it down as an error.
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${message.text()}`)
  })
  page.on('request', request => {
    const isOwn = request.url().startsWith(`${url}/`) || request.url().startsWith(`blob:${url}/`)
    if (!isOwn && request.url() !== 'about:blank') complaints.push(`elsewhere: ${request.url()}`)
  })
}
