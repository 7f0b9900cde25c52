// Files of all kinds dropped on the page, sound and broken: each goes its way before one's eyes, and what came of it can be
// read, followed through its versions, kept from somebody, and deleted.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { pdfOf, scannedPdf, zipOf } from '../harness/sample-files.ts'
import { DEPLOYMENT, describeInBrowser, goTo, ground, makeTenant, signIn } from './ground.ts'

const SAMPLES = join(import.meta.dirname, '../../samples/penhallow-strake')
const SLUG = 'harbour'
const HARBOUR = 'The lantern of the harbour is lit at dusk, and the agreement ends there.'

interface Dropped {
  readonly name: string
  readonly bytes: Buffer
}

/** Twenty sound ones and two that cannot be read. */
const SOUND: readonly Dropped[] = [
  ...readdirSync(SAMPLES)
    .filter(name => name.endsWith('.md'))
    .slice(0, 18)
    .map(name => ({ name, bytes: readFileSync(join(SAMPLES, name)) })),
  { name: 'harbour.pdf', bytes: pdfOf([HARBOUR], 'Harbour agreement') },
  { name: 'berths.csv', bytes: Buffer.from('berth,ship\n1,Albatross\n2,Cormorant\n') },
]
const BROKEN: readonly Dropped[] = [
  { name: 'scanned.pdf', bytes: scannedPdf(2) },
  { name: 'torn.docx', bytes: zipOf([{ name: 'word/nothing.xml', text: 'x' }]) },
]

describeInBrowser('documents', () => {
  const it = ground()

  test('are dropped by the dozen, show each stage to the vectors, and say of each broken one what is wrong', async () => {
    const ada = await it.ada(DEPLOYMENT)
    await makeTenant(it, ada, { name: 'Harbour Office', slug: SLUG })
    await it.operate(ada, 'create_user', {
      id: 'tomas',
      name: 'Tomas Lindqvist',
      email: 'tomas@example.com',
      role: 'reader',
    })
    const { page } = ada
    await page.goto('/app/documents')
    await page.getByRole('button', { name: 'Add files' }).waitFor()
    await page.getByText('No documents yet').or(page.getByText(/drop/i)).first().waitFor()
    await drop(page, [...SOUND, ...BROKEN])

    const rows = page.getByRole('listitem').filter({ has: page.locator('bdi') })
    await page
      .getByText(`${SOUND.length} of ${SOUND.length + BROKEN.length} files in, ${BROKEN.length} failed`)
      .first()
      .waitFor({ timeout: 60_000 })
    for (const { name } of BROKEN) {
      const row = rows.filter({ hasText: name })
      expect(await row.innerText()).toMatch(/\w{4}/)
      await row.getByRole('button', { name: `Try ${name} again` }).waitFor()
    }
    // What needs somebody stands first.
    expect(await rows.first().innerText()).toMatch(/scanned\.pdf|torn\.docx/)
    await page
      .getByRole('listitem')
      .filter({ hasText: 'harbour.pdf' })
      .getByText(/Added, .*Words searchable, vectors ready/)
      .waitFor()

    await page.getByRole('button', { name: 'Try torn.docx again' }).click()
    await page.getByText(`, ${BROKEN.length} failed`).first().waitFor()
  })

  test('are read with their versions, and what changed between two', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/search?q=lantern')
    await page
      .getByRole('article', { name: /^Hit 1: / })
      .getByRole('link')
      .first()
      .click()
    await page.waitForURL('**/app/documents/*')
    await page.locator('main mark').filter({ hasText: 'lantern' }).waitFor()
    await page.getByText('Version 1 of 1').waitFor()

    await page.getByLabel('The file of the new version').setInputFiles({
      name: 'harbour.pdf',
      mimeType: 'application/pdf',
      buffer: pdfOf([HARBOUR.replace('dusk', 'dawn')], 'Harbour agreement'),
    })
    await page.getByRole('link', { name: 'Version 2', exact: true }).waitFor()
    await page.getByRole('link', { name: 'What changed from version 1 to 2' }).click()
    await page.waitForURL(/since=1/)
    await page.getByText('dawn').first().waitFor()
    await page.getByText('dusk').first().waitFor()
    // The link that quoted the first version still shows what it quoted, and says that it is old.
    await page.goBack()
    await page.getByRole('link', { name: 'Version 1', exact: true }).click()
    await page.getByText('This is version 1, as it was quoted').waitFor()
    expect(await page.locator('main').innerText()).toContain('dusk')
  })

  test('are kept from whoever is not on their list, in searches and by their address', async () => {
    const ada = await it.ada(SLUG)
    const { page } = ada
    await page.goto('/app/search?q=lantern')
    await page
      .getByRole('article', { name: /^Hit 1: / })
      .getByRole('link')
      .first()
      .click()
    await page.getByRole('heading', { name: 'Who may read it' }).waitFor()
    const address = page.url()
    const tomas = await reader()
    await tomas.page.goto(address)
    await tomas.page.getByText('The lantern of the harbour').first().waitFor()

    await page.getByRole('button', { name: 'Change' }).last().click()
    await page.getByRole('radio', { name: 'Only these' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Who may read it has changed').waitFor()

    await tomas.page.reload()
    await tomas.page.getByText('There is nothing here that you may see').waitFor()
    await tomas.page.goto('/app/search?q=lantern')
    await tomas.page.getByRole('article', { name: /^Hit 1: / }).waitFor()
    expect(await tomas.page.locator('main').innerText()).not.toContain('harbour is lit')
  })

  test('are deleted after a question, and gone from every search', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/search?q=lantern')
    await page
      .getByRole('article', { name: /^Hit 1: / })
      .getByRole('link')
      .first()
      .click()
    await page.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
    await dialog.getByRole('button', { name: 'Delete the document' }).click()
    await page.waitForURL('**/app/documents')
    await page.goto('/app/search?q=lantern')
    await expect.poll(() => page.locator('main').innerText()).not.toContain('Loading')
    expect(await page.getByText('harbour is lit').count()).toBe(0)
  })

  /** Tomas, who was invited. */
  async function reader() {
    const owner = await it.ada(SLUG)
    const { link } = await it.operate(owner, 'invite_user', {
      email: 'tomas@example.com',
      id: 'tomas',
      role: 'reader',
    })
    const tomas = await it.visit()
    const password = 'a quay with nine bollards'
    await tomas.page.goto(link)
    await tomas.page.getByLabel('Your name').fill('Tomas Lindqvist')
    await tomas.page.getByLabel('Password').fill(password)
    await tomas.page.getByRole('button', { name: 'Accept' }).click()
    await tomas.page.waitForURL('**/app/**')
    await signIn(tomas, { email: 'tomas@example.com', password })
    await goTo(tomas, SLUG)
    return tomas
  }
})

/** As somebody drops files from their desktop. */
async function drop(page: Page, files: readonly Dropped[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  await page.evaluate(`(() => {
    const transfer = new DataTransfer()
    for (const { name, base64 } of ${JSON.stringify(given)})
      transfer.items.add(new File([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], name))
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.querySelector('main').dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
  })()`)
}
