import type { Dialect } from "../warehouse/dialect.ts";
import { MEASURED_COLUMNS } from "../warehouse/measured.ts";
import type { Question } from "../warehouse/questions.ts";
import { rowNumber, workTable } from "../warehouse/relations.ts";
import { asText, column, concatenated, exactSum, or } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { breaches } from "./breaches.ts";
import { breaksDependency } from "./dependencies.ts";
import { type FeedBatch, maskColumn, ORIGIN } from "./label.ts";
import { OLD_ROWS } from "./match.ts";
import { isOneOf, type RowClass, rowClass, WAITS } from "./row-class.ts";

/** Rows and money of one class of one currency of one feed. */
export interface TallyLine {
  readonly feed: string;
  readonly origin: "batch" | "held" | "unique_only";
  readonly class: RowClass;
  readonly seenAgain: boolean;
  readonly tombstone: boolean;
  readonly currency: string;
  /** Extracted rows; for pool rows, weighted by their stored copies. */
  readonly rows: bigint;
  readonly minor: bigint;
  /** Label rows, copies not weighted. */
  readonly plainRows: bigint;
  readonly plainMinor: bigint;
  /** Sum of absolute amounts, copies not weighted: what quarantine limits are about. */
  readonly absoluteMinor: bigint;
  /** Rows of these whose amount or currency is needed and cannot be read, whatever their class is. */
  readonly unreadableRows: bigint;
  /** Held rows of these that lack nothing but parents of feeds that are absent from this run. */
  readonly excusedRows: bigint;
}

/** Whether a line counts extracted rows that wait from this run on. */
export function isNewlyWaiting(line: TallyLine): boolean {
  return line.origin === "batch" && !line.seenAgain && isOneOf(WAITS, line.class);
}

const ORIGIN_NAMES: Readonly<Record<string, TallyLine["origin"]>> = {
  [ORIGIN.batch]: "batch",
  [ORIGIN.held]: "held",
  [ORIGIN.uniqueOnly]: "unique_only",
};

/** Label rows `l` of a feed, each beside its verdict row `v`. */
export function labelWithVerdict(dialect: Dialect, input: FeedBatch): string {
  return `${workTable(dialect, "label", input.feed)} l
  LEFT JOIN ${workTable(dialect, "verdict", input.feed)} v ON v._row = ${rowNumber(dialect, "l")}`;
}

/** SQL that counts held rows which lack nothing but parents that absent feeds would have, or let enter. */
function excused(dialect: Dialect, { plan, absences: { parents, ancestors } }: FeedBatch): string {
  if ((parents | ancestors) === 0n) return "0";
  const others = ((1n << BigInt(plan.foreignKeys.length)) - 1n) & ~parents;
  const lacks = [
    dialect.hasAnyBit("COALESCE(v._unknown, 0)", others),
    dialect.hasAnyBit("COALESCE(v._stuck, 0)", others & ~ancestors),
  ];
  return dialect.countIf(`v._class = 'held' AND NOT ${lacks.join(" AND NOT ")}`);
}

/** How many rows and how much money are in every class of every feed. */
export function tallyClasses(dialect: Dialect, inputs: readonly FeedBatch[]): Question {
  const selects = inputs.map((input) => {
    const weight = `CASE WHEN l._origin = ${ORIGIN.batch} THEN 1 ELSE COALESCE(v._copies, 1) END`;
    const minor = `CAST(COALESCE(l._minor, 0) AS ${dialect.minorType})`;
    return `SELECT ${dialect.literal(input.feed.id)} AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  ${asText(exactSum(dialect, weight))} AS row_count, ${asText(exactSum(dialect, `${minor} * ${weight}`))} AS minor,
  ${asText("COUNT(*)")} AS plain_rows, ${asText(exactSum(dialect, minor))} AS plain_minor, ${asText(exactSum(dialect, `ABS(${minor})`))} AS absolute_minor,
  ${asText(dialect.countIf("l._unreadable"))} AS unreadable_rows,
  ${asText(excused(dialect, input))} AS excused_rows
FROM ${labelWithVerdict(dialect, input)}
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency`;
  });
  const counts = ["row_count", "minor", "plain_rows", "plain_minor", "absolute_minor", "unreadable_rows", "excused_rows"];
  const columns = ["feed", "origin", "class", "seen", "tombstone", "currency", ...counts];
  return { name: "classes", columns, sql: selects.join("\nUNION ALL\n") };
}

export function parseTally(rows: readonly TextRow[]): TallyLine[] {
  return rows.map((row) => ({
    feed: row["feed"] ?? "",
    origin: ORIGIN_NAMES[row["origin"] ?? ""] ?? "batch",
    class: rowClass(row["class"]),
    seenAgain: row["seen"] === "true",
    tombstone: row["tombstone"] === "true",
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
    plainRows: BigInt(row["plain_rows"] ?? "0"),
    plainMinor: BigInt(row["plain_minor"] ?? "0"),
    absoluteMinor: BigInt(row["absolute_minor"] ?? "0"),
    unreadableRows: BigInt(row["unreadable_rows"] ?? "0"),
    excusedRows: BigInt(row["excused_rows"] ?? "0"),
  }));
}

/** How many live rows are replaced: one for each, but for keys that may stand more than once. */
function replacedCount(dialect: Dialect, { asked }: FeedBatch): string {
  return asked ? `COALESCE(${exactSum(dialect, `v.${OLD_ROWS}`)}, 0)` : "COUNT(*)";
}

/** The old money of live rows that are replaced, by the old currency: the other half of the stock identity. */
export function tallyReplaced(dialect: Dialect, inputs: readonly FeedBatch[]): Question {
  const selects = inputs.map(
    (
      input,
    ) => `SELECT ${dialect.literal(input.feed.id)} AS feed, v._old_currency AS currency, ${asText(replacedCount(dialect, input))} AS row_count,
  ${asText(`COALESCE(${exactSum(dialect, "v._old_minor")}, 0)`)} AS minor
FROM ${workTable(dialect, "verdict", input.feed)} v
WHERE v._class = 'updated' AND NOT v._tombstone GROUP BY v._old_currency`,
  );
  return { name: "replaced", columns: MEASURED_COLUMNS, sql: selects.join("\nUNION ALL\n") };
}

/** Further columns of a feed's counts where feeds have dependencies: how many groups break each, as one text. */
function groupCounts(
  dialect: Dialect,
  inputs: readonly FeedBatch[],
): { name: string; of: (input: FeedBatch, guard: string) => string }[] {
  if (inputs.every((input) => input.plan.dependencies.length === 0)) return [];
  const of = ({ plan }: FeedBatch, guard: string) => {
    const counts = plan.dependencies.map((rule, i) => {
      const group = dialect.hashText(dialect.rowHash(rule.determinants.map((name) => asText(column(dialect, "l", name)))));
      return asText(`COUNT(DISTINCT CASE WHEN ${breaksDependency(dialect, i)} AND ${guard} THEN ${group} END)`);
    });
    return concatenated(counts, ",");
  };
  return [{ name: "broken_groups", of }];
}

/**
 * Counts violations of every rule over the extracted rows, fused: one text of comma-separated counts per feed. Versions set
 * aside are not judged; rows equal to their published row are counted apart, as `published_breaking`.
 */
export function tallyRules(dialect: Dialect, inputs: readonly FeedBatch[]): Question {
  const published = "COALESCE(v._class, 'inserted') = 'unchanged'";
  const groups = groupCounts(dialect, inputs);
  const selects = inputs.map((input) => {
    const more = groups.map(({ name, of }) => `, ${of(input, `NOT (${published})`)} AS ${name}`).join("");
    const list = (guard: string) => {
      const counts = breaches(dialect, input).map((c) => asText(dialect.countIf(`${c.condition} AND ${guard}`)));
      return concatenated(counts, ",");
    };
    const any = or([...Array.from({ length: input.plan.words }, (_, w) => `l.${maskColumn(w)} <> 0`), "v._row IS NOT NULL"]);
    return `SELECT ${dialect.literal(input.feed.id)} AS feed, ${list(`NOT (${published})`)} AS broken, ${list(published)} AS published_breaking${more}
FROM ${labelWithVerdict(dialect, input)}
WHERE l._origin = ${ORIGIN.batch} AND COALESCE(v._class, 'inserted') <> 'superseded' AND (${any})`;
  });
  return {
    name: "rules",
    columns: ["feed", "broken", "published_breaking", ...groups.map(({ name }) => name)],
    sql: selects.join("\nUNION ALL\n"),
  };
}

/** Violations per rule id: among judged rows, and among rows that equal what is published. */
export interface RuleCount {
  readonly id: string;
  readonly broken: bigint;
  readonly publishedBreaking: bigint;
  /** Groups that the judged rows are of; null for rules that know none. */
  readonly groups: bigint | null;
}

/** Reads what `tallyRules` returned for one feed. */
export function parseRuleCounts(dialect: Dialect, input: FeedBatch, rows: readonly TextRow[]): RuleCount[] {
  const row = rows.find((r) => r["feed"] === input.feed.id);
  const numbers = (text: string | null | undefined) => (text ? text.split(",").map(BigInt) : []);
  const broken = numbers(row?.["broken"]);
  const published = numbers(row?.["published_breaking"]);
  const groups = numbers(row?.["broken_groups"]);
  const groupsOf = (id: string) => {
    const nth = input.plan.dependencies.findIndex((rule) => rule.id === id);
    return nth < 0 ? null : (groups[nth] ?? 0n);
  };
  return breaches(dialect, input).map(({ id }, i) => ({
    id,
    broken: broken[i] ?? 0n,
    publishedBreaking: published[i] ?? 0n,
    groups: groupsOf(id),
  }));
}
