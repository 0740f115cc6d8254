import type { Feed, Pipeline } from "../config/pipeline.ts";
import { type BitRule, planChecks } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows, stem, workTable } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { labelScan, maskColumn, NOTHING_ABSENT } from "./label.ts";

/** A rule that the last publication did not judge by, and how many live published rows break it. */
export interface NewRule {
  readonly feed: string;
  readonly rule: string;
  readonly severity: string;
  readonly publishedBreaking: bigint;
}

/** Fingerprints of the rules that a feed was last judged by; empty when it never was. */
async function lastFingerprints(session: Session, dialect: Dialect, feed: Feed): Promise<Set<string>> {
  const verdict = ops(dialect, "verdict");
  const of = `v.scope = 'rule' AND v.feed = ${dialect.literal(feed.id)}`;
  const rows = await session.rows({
    name: "plan.fingerprints",
    sql: `SELECT v.fingerprint FROM ${verdict} v WHERE ${of} AND v.number = (SELECT MAX(v.number) FROM ${verdict} v WHERE ${of})`,
  });
  return new Set(rows.map((row) => row["fingerprint"] ?? ""));
}

/** The same dialect, in which a feed's landed rows are its published ones as texts. Columns that are still to be added are NULL. */
function overPublished(dialect: Dialect, feed: Feed, existing: ReadonlySet<string>): Dialect {
  const texts = feed.contract.columns.map(({ name }) => {
    const quoted = dialect.identifier(name);
    return `${existing.has(name.toLowerCase()) ? asText(quoted) : "CAST(NULL AS VARCHAR)"} AS ${quoted}`;
  });
  const rows = `(SELECT '' AS "_batch_id", '' AS "_file", _position AS "_position", ${texts.join(", ")} FROM ${stagingRows(dialect, feed)} WHERE _deleted_at IS NULL) r`;
  return { ...dialect, table: (schema, name) => (schema === "raw" && name === stem(feed) ? rows : dialect.table(schema, name)) };
}

async function stagingColumns(session: Session, dialect: Dialect, feed: Feed): Promise<Set<string>> {
  const rows = await session.rows({
    name: "plan.staging-columns",
    sql: `SELECT LOWER(c.column_name) AS name FROM information_schema.columns c
WHERE LOWER(c.table_schema) = 'staging' AND LOWER(c.table_name) = ${dialect.literal(`${stem(feed)}__rows`.toLowerCase())}`,
  });
  return new Set(rows.map((row) => row["name"] ?? ""));
}

async function countBroken(
  session: Session,
  dialect: Dialect,
  options: { feed: Feed; rules: readonly BitRule[] },
): Promise<bigint[]> {
  const { feed, rules } = options;
  const counts = rules.map(
    ({ word, bit }, i) => `${asText(dialect.countIf(dialect.hasBit(`l.${dialect.identifier(maskColumn(word))}`, bit)))} AS r${i}`,
  );
  const [row] = await session.rows({
    name: "plan.published-breaking",
    sql: `SELECT ${counts.join(", ")} FROM ${workTable(dialect, "label", feed)} l`,
  });
  return rules.map((_, i) => BigInt(row?.[`r${i}`] ?? "0"));
}

/**
 * Labels the published rows of every feed whose row rules have changed since it was last judged, in work tables of the session
 * alone. Nothing is judged again by it: a row equal to its published one stays published, whatever it breaks.
 */
export async function newRulesOverPublished(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<NewRule[]> {
  const found: NewRule[] = [];
  for (const feed of pipeline.feeds.values()) {
    const existing = await stagingColumns(session, dialect, feed);
    const judged = existing.size === 0 ? new Set<string>() : await lastFingerprints(session, dialect, feed);
    const plan = planChecks(feed.contract);
    const rules = plan.rowRules.filter(({ rule }) => !judged.has(rule.fingerprint));
    if (judged.size === 0 || rules.length === 0) continue;
    const input = { feed, plan, batchId: "", seq: 0n, hasPool: false, absences: NOTHING_ABSENT, net: null };
    await session.run(labelScan(overPublished(dialect, feed, existing), input, pipeline.currencies));
    const broken = await countBroken(session, dialect, { feed, rules });
    found.push(
      ...rules.map(({ rule }, i) => ({
        feed: feed.id,
        rule: rule.id,
        severity: rule.severity,
        publishedBreaking: broken[i] ?? 0n,
      })),
    );
  }
  return found;
}
