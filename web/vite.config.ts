// Builds the page to dist/. In development: a server with live reload, in front of a Gatehouse that runs already.
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gatehouse = process.env['GATEHOUSE_URL'] ?? 'http://127.0.0.1:8080'
const forwarded = { target: gatehouse, changeOrigin: true, headers: { origin: gatehouse } }
/** What the server answers itself below /app. */
const SERVER_PAGES = '^/app/(sign-in|first-run|invitation|reset|style\\.css|link\\.js|icon\\.svg)'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    assetsDir: 'assets',
    // Small files as data: URLs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    // The polyfill is an inline script, and browsers of this target need none.
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: {
    proxy: {
      '^/(api|mcp|a2a|\\.well-known)(/|$)': forwarded,
      [SERVER_PAGES]: forwarded,
    },
  },
})
