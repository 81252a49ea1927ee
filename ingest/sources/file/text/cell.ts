/** A cell's value, or a reason that completes a sentence beginning with the column's name. */
export type Cell<Value> = { readonly value: Value } | { readonly reason: string };
