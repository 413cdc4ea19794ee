/** Reads JSON that we wrote into a column ourselves: it has the shape it was written with. */
export const fromStoredJson = <Value>(text: string): Value => JSON.parse(text) as Value
