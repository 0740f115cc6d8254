import type { Dialect } from "../warehouse/dialect.ts";

/** The classes of extracted rows, in the order in which they are decided. */
export const FLOW_CLASSES = [
  "unreadable",
  "quarantined",
  "held",
  "duplicate",
  "superseded",
  "unchanged",
  "updated",
  "inserted",
] as const;
export type FlowClass = (typeof FLOW_CLASSES)[number];

/**
 * What else a waiting row can become when it is judged again: it stays (`waiting`), an extracted row of its key stands for it
 * (`represented`), the source no longer has it (`vanished`), it waited too long for its parent (`expired`).
 */
const POOL_CLASSES = ["waiting", "represented", "vanished", "expired"] as const;

/** The class that a labelled row has after judgement; exactly one. */
export type RowClass = FlowClass | (typeof POOL_CLASSES)[number];

/** Extracted rows that wait. */
export const WAITS = ["unreadable", "quarantined", "held"] as const satisfies readonly RowClass[];

/** Rows that enter staging, extracted and released ones alike. */
export const ENTERS = ["inserted", "updated"] as const satisfies readonly RowClass[];

/** Rows that are in staging after the publication with the content they came with. */
export const STANDS = ["inserted", "updated", "unchanged"] as const satisfies readonly RowClass[];

/** Rows that are good, further copies included: they close what waits under their key. */
export const GOOD = ["inserted", "updated", "unchanged", "duplicate"] as const satisfies readonly RowClass[];

/** What a held row is that has turned bad. */
export const TURNED_BAD = ["unreadable", "quarantined", "expired"] as const satisfies readonly RowClass[];

/** Classes of waiting rows that leave nothing to be closed. */
export const STAYS = ["waiting", "represented"] as const satisfies readonly RowClass[];

/** Whether a class is one of a set. */
export function isOneOf<T extends RowClass>(set: readonly T[], found: RowClass): found is T {
  return (set as readonly RowClass[]).includes(found);
}

const names = new Set<string>([...FLOW_CLASSES, ...POOL_CLASSES]);

/**
 * The class that a query returned.
 * @throws Error for any other text: judgement and its reader are out of step.
 */
export function rowClass(text: string | null | undefined): RowClass {
  if (text === null || text === undefined || !names.has(text)) throw new Error(`"${text}" is no class of a row`);
  return text as RowClass;
}

/** SQL that is true where an expression is one of a set of classes. */
export function isClass(dialect: Dialect, expression: string, set: readonly RowClass[]): string {
  return `${expression} IN (${set.map((name) => dialect.literal(name)).join(", ")})`;
}

/** SQL that is true where an expression is none of a set of classes. */
export function isNotClass(dialect: Dialect, expression: string, set: readonly RowClass[]): string {
  return `${expression} NOT IN (${set.map((name) => dialect.literal(name)).join(", ")})`;
}
