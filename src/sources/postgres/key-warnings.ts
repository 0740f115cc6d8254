import type { Feed } from "../../config/pipeline.ts";
import type { Relation } from "./catalog.ts";

/** Columns whose values are compared with others': keys, unique columns, references to parents. */
function comparedColumns(feed: Feed): string[] {
  const ruled = feed.contract.rules.flatMap((rule) =>
    rule.kind === "unique" || rule.kind === "foreign_key" ? rule.columns : [],
  );
  return [...new Set([...feed.sourceKey, ...feed.businessKey, ...ruled])];
}

/**
 * Sentences on key columns that the source compares otherwise than the warehouse, which compares landed texts byte by byte: rows that
 * are one at the source can be two in the warehouse, and a reference that holds at the source can find no parent. Empty where none is.
 */
export function keyWarnings(feed: Feed, found: Pick<Relation, "facts">): string[] {
  return comparedColumns(feed).flatMap((column) => {
    const by = found.facts.get(column)?.equalBy ?? null;
    if (by === null) return [];
    const says = `the source compares the key column ${column} of the feed ${feed.id} by ${by}, the warehouse byte by byte`;
    return [`${says}: texts that are equal there, as Acme and ACME, are two keys here; write them alike at the source`];
  });
}
