/** Builds web/dist when it is missing or older than its sources; throws when it cannot. */
export function buildPage(root: string): Promise<void>

/** Folders and files of the server that hold what the page takes too. */
export const SHARED_WITH_PAGE: readonly string[]
