/** A JSON Patch that replaces what is given; what is undefined stays. */
export const replacing = (
  values: Readonly<Record<string, unknown>>,
): { op: 'replace'; path: string; value: unknown }[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ op: 'replace', path: `/${name}`, value }))
