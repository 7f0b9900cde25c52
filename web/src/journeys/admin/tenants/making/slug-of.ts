// A short name for a tenant, proposed from its name: "Müller & Söhne GmbH" is muller-sohne-gmbh. Pure.

const LONGEST = 63

/** Empty where the name has no letter or digit that a slug may have. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '')
}
