import { landedMeta } from "../config/landed-meta.ts";
import type { Feed } from "../config/pipeline.ts";
import type { BitRule } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ORDER, SCOPE } from "../warehouse/relations.ts";

/** The columns about records that the label scan reads of a feed's batch; rows of the pool have none of it. */
export function scannedMeta(feed: Feed): string[] {
  return landedMeta(feed).filter((name) => name !== SCOPE && name !== ORDER);
}

/** True where a scanned row's record could not be read; never NULL, and null for a feed that lands no faults. */
export function isFaulty(dialect: Dialect, feed: Feed): string | null {
  return feed.lands.includes("_fault") ? `${dialect.identifier("_fault")} IS NOT NULL` : null;
}

/**
 * True where a row names a column in `_unconverted`; never NULL, and null for a feed that lands no such names. A quote inside a
 * JSON text has a backslash before it, so a comma and a quote are where a name begins.
 */
export function isUnconverted(dialect: Dialect, feed: Feed, column: { alias?: string; name: string }): string | null {
  if (!feed.lands.includes("_unconverted")) return null;
  const names = `${column.alias === undefined ? "" : `${column.alias}.`}${dialect.identifier("_unconverted")}`;
  const name = dialect.literal(`,${JSON.stringify(column.name)}`);
  return `(${names} IS NOT NULL AND POSITION(${name} IN CONCAT(',', SUBSTR(${names}, 2))) > 0)`;
}

/** The bit of the rule `record` in a mask word, as SQL; 0 where the word has none. */
export function recordBit(rules: readonly BitRule[], word: number): string {
  const bits = rules.filter((b) => b.word === word && b.rule.kind === "record").map((b) => 1n << BigInt(b.bit));
  return bits.reduce((sum, bit) => sum + bit, 0n).toString();
}

/** One expression for records that could not be read, another for the rest; the other alone where a feed lands no faults. */
export function unlessFaulty(faulty: string | null, values: { faulty: string; else: string }): string {
  return faulty === null ? values.else : `CASE WHEN ${faulty} THEN ${values.faulty} ELSE ${values.else} END`;
}
