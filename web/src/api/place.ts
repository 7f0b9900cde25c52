// Where this page acts: the tenant it was opened in, or the deployment. A page never changes its place: who goes
// elsewhere gets a new page, so that nothing of the one place is seen in the other.

export const DEPLOYMENT = 'deployment'

let place: string | undefined

/** Once, when the page begins. */
export function enterPlace(id: string): void {
  place = id
}

/** The tenant's id or `deployment`; undefined before the session is known. */
export function currentPlace(): string | undefined {
  return place
}
