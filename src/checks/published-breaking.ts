import type { Feed, Pipeline } from "../config/pipeline.ts";
import { type BitRule, type CheckPlan, planChecks } from "../contract/check-plan.ts";
import type { Rule } from "../contract/rule.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows, stagingTable, stem } from "../warehouse/relations.ts";
import { and, asText, column, exactSum, rowKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Dependency, rowsThatDiffer } from "./dependencies.ts";
import { type FeedBatch, labelSelect, maskColumn, NOTHING_ABSENT } from "./label.ts";
import { uniqueKey } from "./unique-key.ts";

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

/** Published rows of a feed: which columns its table has, in lower case, and the source keys of those that are meant; null for all. */
export interface PublishedRows {
  readonly feed: Feed;
  readonly existing: ReadonlySet<string>;
  readonly keys: readonly string[] | null;
}

/** The same dialect, in which a feed's landed rows are its published ones as texts. Columns that are still to be added are NULL. */
export function overPublished(dialect: Dialect, { feed, existing, keys }: PublishedRows): Dialect {
  const texts = feed.contract.columns.map(({ name }) => {
    const quoted = dialect.identifier(name);
    return `${existing.has(name.toLowerCase()) ? asText(quoted) : "CAST(NULL AS VARCHAR)"} AS ${quoted}`;
  });
  const wanted = keys?.map((key) => dialect.literal(key)).join(", ");
  const meant = wanted === undefined ? "_deleted_at IS NULL" : `${rowKey(dialect, "s", feed.sourceKey)} IN (${wanted})`;
  const rows = `(SELECT '' AS "_batch_id", '' AS "_file", _position AS "_position", ${texts.join(", ")} FROM ${stagingRows(dialect, feed)} s WHERE ${meant}) r`;
  return { ...dialect, table: (schema, name) => (schema === "raw" && name === stem(feed) ? rows : dialect.table(schema, name)) };
}

/** The columns of a feed's staging table, in lower case; none where it has no table. */
export async function stagingColumns(session: Session, dialect: Dialect, feed: Feed): Promise<Set<string>> {
  const rows = await session.rows({
    name: "plan.staging-columns",
    sql: `SELECT LOWER(c.column_name) AS name FROM information_schema.columns c
WHERE LOWER(c.table_schema) = 'staging' AND LOWER(c.table_name) = ${dialect.literal(stagingTable(feed).toLowerCase())}`,
  });
  return new Set(rows.map((row) => row["name"] ?? ""));
}

async function countBroken(
  session: Session,
  dialect: Dialect,
  { labels, rules }: { labels: string; rules: readonly BitRule[] },
): Promise<bigint[]> {
  const counts = rules.map(
    ({ word, bit }, i) => `${asText(dialect.countIf(dialect.hasBit(`l.${dialect.identifier(maskColumn(word))}`, bit)))} AS r${i}`,
  );
  const [row] = await session.rows({
    name: "plan.published-breaking",
    sql: `SELECT ${counts.join(", ")} FROM (\n${labels}\n) l`,
  });
  return rules.map((_, i) => BigInt(row?.[`r${i}`] ?? "0"));
}

/** A feed, and what is known of its published rows. */
interface Published {
  readonly feed: Feed;
  readonly plan: CheckPlan;
  /** Columns that its staging table has, in lower case. */
  readonly existing: ReadonlySet<string>;
  /** Fingerprints of the rules that it was last judged by. */
  readonly judged: ReadonlySet<string>;
}

/** The feed whose landed rows are published ones: texts of their type, whatever the source calls them, and nothing about records. */
function asPublished(feed: Feed): Feed {
  const columns = feed.contract.columns.map(({ format: _, ...column }) => column);
  return { ...feed, lands: [], scoped: false, contract: { ...feed.contract, columns } };
}

/** Published rows as a batch to be judged by a plan, read through `overPublished`. */
export function publishedBatch(feed: Feed, plan: CheckPlan): FeedBatch {
  const nothing = { byValue: false, asked: null, hasPool: false, absences: NOTHING_ABSENT, net: null };
  return { feed: asPublished(feed), plan, batchId: "", seq: 0n, ...nothing };
}

/** Labels published rows by the row rules that are new; in one question, since whoever looks may make no table. */
async function newRowRules(
  session: Session,
  dialect: Dialect,
  { feed, plan, existing, judged, currencies }: Published & Pick<Pipeline, "currencies">,
): Promise<NewRule[]> {
  const rules = plan.rowRules.filter(({ rule }) => !judged.has(rule.fingerprint));
  if (rules.length === 0) return [];
  const over = overPublished(dialect, { feed, existing, keys: null });
  const labels = labelSelect(over, publishedBatch(feed, plan), currencies);
  const broken = await countBroken(session, dialect, { labels, rules });
  return rules.map(({ rule }, i) => newRule(feed, rule, broken[i] ?? 0n));
}

function newRule({ id: feed }: Feed, { id: rule, severity }: Pick<Rule, "id" | "severity">, publishedBreaking: bigint): NewRule {
  return { feed, rule, severity, publishedBreaking };
}

/** Live rows that would lose their key under a unique rule: all of a key that several have, but for the survivor where the rule names one. */
async function newUniqueRules(
  session: Session,
  dialect: Dialect,
  { feed, plan, existing, judged }: Published,
): Promise<NewRule[]> {
  const found: NewRule[] = [];
  for (const rule of plan.unique.filter(({ fingerprint }) => !judged.has(fingerprint))) {
    // A column that is still to be added is NULL in every row, and NULL is no key.
    const isThere = rule.columns.every((name) => existing.has(name.toLowerCase()));
    const losers = exactSum(dialect, rule.survivor ? "g.n - 1" : "g.n");
    const given = and(["s._deleted_at IS NULL", ...rule.columns.map((name) => `${column(dialect, "s", name)} IS NOT NULL`)]);
    const keys = uniqueKey(dialect, rule, "s").join(", ");
    const [row] = isThere
      ? await session.rows({
          name: "plan.published-doubled",
          sql: `SELECT ${asText(`COALESCE(${losers}, 0)`)} AS broken FROM (
  SELECT COUNT(*) AS n FROM ${stagingRows(dialect, feed)} s WHERE ${given} GROUP BY ${keys} HAVING COUNT(*) > 1
) g`,
        })
      : [];
    found.push(newRule(feed, rule, BigInt(row?.["broken"] ?? "0")));
  }
  return found;
}

function countDiffering(dialect: Dialect, feed: Feed, rule: Dependency): Statement {
  const of = { relation: stagingRows(dialect, feed), live: (alias: string) => `${alias}._deleted_at IS NULL` };
  const sql = `SELECT ${asText("COUNT(*)")} AS broken ${rowsThatDiffer(dialect, rule, of)}`;
  return { name: "plan.published-differing", sql };
}

/** Live rows that say something else of their determinants than others do: all of a group, or those outside its strict majority. */
async function newDependencies(
  session: Session,
  dialect: Dialect,
  { feed, plan, existing, judged }: Published,
): Promise<NewRule[]> {
  const found: NewRule[] = [];
  for (const rule of plan.dependencies.filter(({ fingerprint }) => !judged.has(fingerprint))) {
    const isThere = (name: string) => existing.has(name.toLowerCase());
    // A column that is still to be added is NULL in every row: it determines nothing, and nothing differs in it.
    const determines = rule.determines.filter(isThere);
    const counts = rule.determinants.every(isThere) && determines.length > 0;
    const [row] = counts ? await session.rows(countDiffering(dialect, feed, { ...rule, determines })) : [];
    found.push(newRule(feed, rule, BigInt(row?.["broken"] ?? "0")));
  }
  return found;
}

/**
 * How many published rows break the row rules, the unique rules and the dependencies of feeds that have changed since these were last
 * judged. Nothing is judged again by it: a row equal to its published one stays published, whatever it breaks.
 */
export async function newRulesOverPublished(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<NewRule[]> {
  const found: NewRule[] = [];
  for (const feed of pipeline.feeds.values()) {
    const existing = await stagingColumns(session, dialect, feed);
    const judged = existing.size === 0 ? new Set<string>() : await lastFingerprints(session, dialect, feed);
    if (judged.size === 0) continue;
    const published = { feed, plan: planChecks(feed.contract), existing, judged };
    found.push(...(await newRowRules(session, dialect, { ...published, currencies: pipeline.currencies })));
    found.push(...(await newUniqueRules(session, dialect, published)));
    found.push(...(await newDependencies(session, dialect, published)));
  }
  return found;
}
