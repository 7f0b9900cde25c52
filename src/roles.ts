// What a process does, by its role: which wires it opens and which work it takes on. One process does it all by
// default; a larger deployment runs the roles apart.

export interface Role {
  /** Serves MCP to tenants on the port. */
  readonly mcp: boolean
  /** Serves agents (A2A, its card, /tasks) to tenants on the port. */
  readonly a2a: boolean
  /** Serves the page that people use, and the routes by which they sign in, on the port. */
  readonly web: boolean
  /** Claims background jobs. */
  readonly works: boolean
}

export const ROLES = {
  all: { mcp: true, a2a: true, web: true, works: true },
  mcp: { mcp: true, a2a: false, web: false, works: false },
  a2a: { mcp: false, a2a: true, web: false, works: false },
  web: { mcp: false, a2a: false, web: true, works: false },
  worker: { mcp: false, a2a: false, web: false, works: true },
} as const satisfies Record<string, Role>
