// The frame of the pages that the server writes itself.
import type { FastifyReply } from 'fastify'
import { PAGE_HEADERS } from '../../page/page-headers.ts'
import { html, type Html } from './html.ts'

export interface Page {
  readonly title: string
  readonly body: Html
  /** Whether the page takes the code out of a one-time link's address. */
  readonly takesCode?: boolean
}

export function sendPage(reply: FastifyReply, page: Page, status = 200): FastifyReply {
  return reply.code(status).headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(whole(page).html)
}

function whole({ title, body, takesCode = false }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Gatehouse</title>
<link rel="icon" href="/app/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app/style.css">
${takesCode && html`<script src="/app/link.js" defer></script>`}
</head>
<body>
<header><a href="/app" class="mark"><img src="/app/icon.svg" alt="" width="22" height="22">Gatehouse</a></header>
<main>
${body}
</main>
</body>
</html>
`
}
