// The page begins: its router, what it remembers, and its frame.
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/query-client.ts'
import { followOtherTabs } from './api/session.ts'
import { pageRouter } from './router.tsx'
import { rememberScroll } from './shell/scroll-memory.ts'
import './theme/tokens.css'

const client = queryClient()
const router = pageRouter(client)
const root = document.querySelector('#page')
if (root === null) throw new Error('index.html has no #page')

followOtherTabs()
rememberScroll(router)
createRoot(root).render(
  <StrictMode>
    {/* The server's policy allows no <style> elements; what they would say stands in the style sheet. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
