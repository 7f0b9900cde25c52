import { expect, test } from 'vitest'
import { escapeHtml, html } from './html.ts'

test('UI01 what is put into a page is text, in elements and in attributes', () => {
  const name = `<img src=x onerror=alert(1)>"' onfocus='alert(1)`
  const page = html`<p title="${name}">${name}</p>`.html
  expect(page.match(/[<>]/g)).toHaveLength(4)
  expect(page.match(/"/g)).toHaveLength(2)
  expect(page).not.toContain("'")
})

test('UI01 every character that could end a text is written as a number', () => {
  expect(escapeHtml(`&<>"'\``)).toBe('&#38;&#60;&#62;&#34;&#39;&#96;')
})

test('parts of pages go into pages as they are, and what is absent leaves nothing', () => {
  expect(html`<ul>${[html`<li>a</li>`, html`<li>${'b&c'}</li>`]}${undefined}${false}</ul>`.html).toBe(
    '<ul><li>a</li><li>b&#38;c</li></ul>',
  )
})
