import type { Feed } from "../config/pipeline.ts";
import type { PublishedKey, PublishedQuery } from "../sources/source.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText, column } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** The live published rows of a feed of one key column whose column has one of some texts. */
function publishedKeys(dialect: Dialect, feed: Feed, { column: name, values, at }: PublishedQuery): Statement {
  const [key = ""] = feed.sourceKey;
  const instant = dialect.landedText(column(dialect, "s", at), { kind: "timestamp" });
  const wanted = values.map((value) => dialect.literal(value)).join(", ");
  return {
    name: `published-keys.${feed.id}`,
    sql: `SELECT ${asText(column(dialect, "s", key))} AS source_key, ${instant} AS at_instant FROM ${stagingRows(dialect, feed)} s
WHERE s._deleted_at IS NULL AND ${column(dialect, "s", name)} IN (${wanted})`,
  };
}

/** Reads the keys of published rows that an adapter asks its source about. */
export async function readPublishedKeys(
  session: Session,
  dialect: Dialect,
  { feed, query }: { feed: Feed; query: PublishedQuery },
): Promise<PublishedKey[]> {
  const rows = await session.rows(publishedKeys(dialect, feed, query));
  return rows.flatMap(({ source_key: key, at_instant: at }) => (key ? [{ key, at: isoInstant(at ?? null) }] : []));
}
