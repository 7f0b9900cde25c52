export interface PagePackage {
  readonly name: string
  readonly version: string
  /** As the lockfile has it. */
  readonly license?: string
  /** Where it is installed. */
  readonly folder: string
}

/** The packages whose code or styles end in the built page, by the lockfile of `web`. */
export function pagePackages(web: string): PagePackage[]
