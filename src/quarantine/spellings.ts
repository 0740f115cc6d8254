import { payloadText } from "../checks/payloads.ts";
import { comparedForms, type UniqueRule, uniqueKey } from "../checks/unique-key.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText, column, keyText, rowKey } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** So many other spellings of a row's key are named. */
const NAMED = 10;

/** A key under a rule whose normal forms are compared: those forms, and the key as it is spelled. */
function keyOf(
  dialect: Dialect,
  { forms, rule, of }: { forms: string[]; rule: UniqueRule; of: (name: string) => string },
): string {
  const spelled = keyText(
    dialect,
    rule.columns.map((name) => asText(of(name))),
  );
  return `${forms.map((form, i) => `${form} AS _key${i}`).join(", ")}, ${spelled} AS _spelled`;
}

interface Ruled {
  readonly feed: Feed;
  readonly rule: UniqueRule;
}

/** The key of an open row, out of its payload. */
function waitingKey(dialect: Dialect, { feed, rule }: Ruled): string {
  const of = (name: string) => {
    const found = feed.contract.columns.find((c) => c.name === name);
    const text = payloadText(dialect, name, found?.pii ?? false);
    return dialect.tryCast(text, found?.type ?? { kind: "string" });
  };
  return keyOf(dialect, { forms: comparedForms(dialect, rule, of), rule, of });
}

function publishedKey(dialect: Dialect, { rule }: Ruled): string {
  const of = (name: string) => column(dialect, "s", name);
  return keyOf(dialect, { forms: uniqueKey(dialect, rule, "s"), rule, of });
}

/** How open rows spell their key under a rule, and how the published rows and the waiting claims do that have the same normal form. */
function otherSpellings(dialect: Dialect, ruled: Ruled, rowIds: readonly string[]): Statement {
  const { feed, rule } = ruled;
  const sourceKey = rowKey(dialect, "s", feed.sourceKey);
  const open = `FROM ${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(feed.id)}`;
  const waiting = waitingKey(dialect, ruled);
  const same = rule.columns.map((_, i) => `c._key${i} = a._key${i}`).join(" AND ");
  return {
    name: "quarantine.other-spellings",
    sql: `WITH asked AS (
  SELECT q.row_id, q.source_key, ${waiting}
  ${open} AND q.row_id IN (${rowIds.map((id) => dialect.literal(id)).join(", ")})
),
claims AS (
  SELECT 'published' AS state, CAST(NULL AS VARCHAR) AS row_id, ${sourceKey} AS source_key, ${publishedKey(dialect, ruled)}
  FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL
  UNION ALL
  SELECT 'waiting' AS state, q.row_id, q.source_key, ${waiting}
  ${open} AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
)
SELECT a.row_id, ${dialect.literal(rule.id)} AS rule, a._spelled AS own, c.state, c._spelled AS other
FROM asked a
LEFT JOIN claims c ON ${same} AND COALESCE(c.row_id, '') <> a.row_id AND (c.state = 'waiting' OR c.source_key <> a.source_key)
GROUP BY a.row_id, a._spelled, c.state, c._spelled
QUALIFY ROW_NUMBER() OVER (PARTITION BY a.row_id ORDER BY c.state, c._spelled) <= ${NAMED}
ORDER BY a.row_id, c.state, c._spelled`,
  };
}

const list = (text: string | null | undefined) => JSON.parse(text ?? "[]") as unknown[];

/** Whether a stored row broke a rule as it is in force. */
function broke(row: TextRow, rule: UniqueRule): boolean {
  return list(row["fingerprints"])[list(row["reasons"]).indexOf(rule.id)] === rule.fingerprint;
}

/** What to ask the warehouse about stored rows that lost a key to another spelling of it: their own and the other ones, by row and rule. */
export function spellingQuestions(dialect: Dialect, pipeline: Pick<Pipeline, "feeds">, rows: readonly TextRow[]): Statement[] {
  return [...pipeline.feeds.values()].flatMap((feed) => {
    const mine = rows.filter((row) => row["feed"] === feed.id);
    if (mine.length === 0) return [];
    return planChecks(feed.contract)
      .unique.filter((rule) => rule.normalise)
      .map((rule) => ({ rule, ids: mine.filter((row) => broke(row, rule)).map((row) => row["row_id"] ?? "") }))
      .filter(({ ids }) => ids.length > 0)
      .map(({ rule, ids }) => otherSpellings(dialect, { feed, rule }, ids));
  });
}
