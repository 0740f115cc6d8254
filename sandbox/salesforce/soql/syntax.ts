/** A value that a query compares with. */
export type Literal =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "date"; readonly text: string }
  | { readonly kind: "datetime"; readonly at: number };

/** How a field is compared with one value. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

/** What stands behind WHERE. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | { readonly kind: "compare"; readonly field: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: "in"; readonly field: string; readonly negated: boolean; readonly values: readonly Literal[] };

/** An aggregate function that is known. */
export type Aggregate = "COUNT" | "COUNT_DISTINCT" | "SUM" | "MIN" | "MAX" | "AVG";

/** What is selected: a field, or an aggregate of one. `COUNT()` is of none. */
export type Selected =
  | { readonly kind: "field"; readonly field: string; readonly alias: string | null }
  | { readonly kind: "aggregate"; readonly of: Aggregate; readonly field: string | null; readonly alias: string | null };

/** A field to sort by. */
export interface Order {
  readonly field: string;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** A query. */
export interface Soql {
  readonly selected: readonly Selected[];
  readonly from: string;
  readonly where: Condition | null;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly Order[];
  readonly limit: number | null;
  readonly offset: number | null;
}
