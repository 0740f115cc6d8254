import type { Feed } from "../config/pipeline.ts";
import type { DerivedColumn } from "../contract/contract.ts";
import type { Dialect, Statement } from "./dialect.ts";
import { asText, column } from "./sql-text.ts";

/** The text that a derived column has for a row; NULL where any column that it is made of is. */
export function derivedText(dialect: Dialect, { parts }: Pick<DerivedColumn, "parts">, alias: string): string {
  return parts.map((part) => ("text" in part ? dialect.literal(part.text) : partText(dialect, part, alias))).join(" || ");
}

function partText(dialect: Dialect, { column: name, ends }: { column: string; ends: string | null }, alias: string): string {
  const text = asText(column(dialect, alias, name));
  if (ends === null) return text;
  const escaped = (of: string, mark: string) => `REPLACE(${of}, ${dialect.literal(mark)}, ${dialect.literal(`\\${mark}`)})`;
  return escaped(escaped(text, "\\"), ends);
}

/** Gives all rows of a feed's staging table, by its full name, what a derived column is for them, whatever stands there. */
export function fillDerived(
  dialect: Dialect,
  { feed, derived, rows }: { feed: Feed; derived: DerivedColumn; rows: string },
): Statement {
  const name = dialect.identifier(derived.name);
  const text = derivedText(dialect, derived, rows);
  return {
    name: `derive.${feed.id}`,
    sql: `UPDATE ${rows} SET ${name} = ${text} WHERE ${name} IS DISTINCT FROM ${text}`,
  };
}
