import type { Feed, Model } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, exactSum, keyText } from "../warehouse/sql-text.ts";

/** Published rows of a feed: the numbers of their publications, and their source keys as texts. */
export interface RowsOfFeed {
  readonly feed: Pick<Feed, "id" | "group">;
  readonly numbers: readonly string[];
  readonly keys: readonly string[];
}

const list = (dialect: Dialect, texts: readonly string[]) => texts.map((text) => dialect.literal(text)).join(", ");

/** Classes of flow by what they did to staging: extracted rows and released ones. */
const counted = (dialect: Dialect, of: "inserted" | "updated") =>
  `${exactSum(dialect, `CASE WHEN f.class IN ('${of}', 'released_${of}') THEN f.row_count ELSE 0 END`)} AS ${of}`;

/** The publications that wrote rows of a feed, and how many they inserted and updated. */
export function writingPublications(dialect: Dialect, { feed, numbers }: RowsOfFeed): Statement {
  const group = dialect.literal(feed.group);
  return {
    name: "lineage.publications",
    sql: `SELECT ${asText("p.number")} AS number, p.publication_id, p.run_id, p.kind, ${asText("p.published_at")} AS published_at,
  ${asText("f.inserted")} AS inserted, ${asText("f.updated")} AS updated
FROM ${ops(dialect, "publication")} p LEFT JOIN (
  SELECT f.number, ${counted(dialect, "inserted")}, ${counted(dialect, "updated")}
  FROM ${ops(dialect, "flow")} f WHERE f.run_group = ${group} AND f.feed = ${dialect.literal(feed.id)} GROUP BY f.number
) f ON f.number = p.number
WHERE p.run_group = ${group} AND p.number IN (${numbers.join(", ")})`,
  };
}

/** What the rules of a feed said of whole publications. */
export function ruleVerdicts(dialect: Dialect, { feed, numbers }: RowsOfFeed): Statement {
  return {
    name: "lineage.verdicts",
    sql: `SELECT ${asText("v.number")} AS number, v.name AS rule, v.severity, v.verdict, v.observed
FROM ${ops(dialect, "verdict")} v
WHERE v.scope = 'rule' AND v.run_group = ${dialect.literal(feed.group)} AND v.feed = ${dialect.literal(feed.id)} AND v.number IN (${numbers.join(", ")})
ORDER BY v.number, v.name`,
  };
}

/** Newer versions of published rows that wait. */
export function waitingVersions(dialect: Dialect, { feed, keys }: RowsOfFeed): Statement {
  return {
    name: "lineage.waiting",
    sql: `SELECT q.source_key, q.row_id, q.kind, q.reasons, q.publication_id, ${asText("q.opened_at")} AS opened_at
FROM ${ops(dialect, "open_quarantine")} q
WHERE q.feed = ${dialect.literal(feed.id)} AND q.source_key IN (${list(dialect, keys)}) ORDER BY q.number DESC, q.row_id`,
  };
}

/** Rows that waited before they were published, and the class that they entered with. */
export function releasedRows(dialect: Dialect, { feed, keys }: RowsOfFeed): Statement {
  return {
    name: "lineage.released",
    sql: `SELECT ${asText("e.number")} AS number, q.source_key, e.class
FROM ${ops(dialect, "quarantine_row")} q JOIN ${ops(dialect, "quarantine_event")} e ON e.row_id = q.row_id AND e.event = 'released'
WHERE q.feed = ${dialect.literal(feed.id)} AND q.source_key IN (${list(dialect, keys)}) ORDER BY e.number, q.row_id`,
  };
}

/** The instants of which batches show their sources; no row for one that read old bytes again. */
export function batchesAsOf(dialect: Dialect, batches: readonly string[]): Statement {
  return {
    name: "lineage.batches-as-of",
    sql: `SELECT h.batch_id, ${dialect.landedText("MAX(h.as_of)", { kind: "timestamp" })} AS as_of FROM ${ops(dialect, "feed_horizon")} h
WHERE h.batch_id IN (${list(dialect, batches)}) GROUP BY h.batch_id`,
  };
}

/** The rules of its table that a curated row breaks. */
export function standingFindings(dialect: Dialect, { table }: Pick<Model, "table">, values: readonly string[]): Statement {
  const key = keyText(
    dialect,
    values.map((value) => dialect.literal(value)),
  );
  return {
    name: "lineage.findings",
    sql: `SELECT f.rule, ${asText("f.since")} AS since, f.publication_id FROM ${ops(dialect, "curated_finding")} f
WHERE f.curated = ${dialect.literal(table)} AND f.business_key = ${key} ORDER BY f.rule`,
  };
}
