/** Something of a query that cannot be told; `at` is where it stands in the text, `says` why, as a sentence end. */
export interface Unclear {
  readonly at: number;
  readonly says: string;
}

/** What a value is made of. */
export interface Made {
  /** Columns of relations, `<input>.<column>`, in the order in which they stand. */
  readonly of: readonly string[];
  /** Where the first value that is not NULL is taken: what each is made of, in their order. Null where the order of columns says nothing. */
  readonly first: readonly (readonly string[])[] | null;
  readonly unclear: readonly Unclear[];
}

/** A column of a relation or a query, called in lower case; null where nothing names it. */
export interface QueryColumn {
  readonly name: string | null;
  readonly made: Made;
}

/** The columns that a relation or a query has, or why that cannot be told. */
export type QueryColumns = readonly QueryColumn[] | Unclear;

/** Made of no column. */
export const NOTHING: Made = { of: [], first: null, unclear: [] };

export const unclear = (at: number, says: string): Made => ({ of: [], first: null, unclear: [{ at, says }] });

export const isUnclear = (columns: QueryColumns): columns is Unclear => "says" in columns;

/** Made of what each of several is made of. */
export function together(parts: readonly Made[]): Made {
  const of = [...new Set(parts.flatMap((part) => part.of))];
  return { of, first: null, unclear: parts.flatMap((part) => part.unclear) };
}

/** Operands of a set operation, side by side: the columns of all are called as those of the first, by their place. */
export function sideBySide(operands: readonly QueryColumns[]): QueryColumns {
  const [names] = operands;
  const bad = operands.find(isUnclear);
  if (bad || !names || isUnclear(names)) return bad ?? { at: 0, says: "has nothing to select" };
  const lists = operands.flatMap((columns) => (isUnclear(columns) ? [] : [columns]));
  return names.map(({ name, made }, i) => {
    const all = lists.map((list) => list[i]?.made ?? NOTHING);
    return { name, made: all.length === 1 ? made : together(all) };
  });
}
