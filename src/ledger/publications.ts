import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** One publication as the ledger has it. */
export interface PublicationLine {
  readonly publicationId: string;
  readonly number: bigint;
  readonly runId: string;
  readonly kind: string;
  readonly token: bigint;
  readonly baseHead: bigint;
  readonly windowStart: string | null;
  readonly windowEnd: string | null;
  /** When its run took the lead; when it published, where that is not known. Both ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly publishedAt: string;
  readonly codeVersion: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** Publications of one group by number, those at both ends included. */
export interface NumberRange {
  readonly group: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** `alias.run_group = … AND alias.number BETWEEN …` */
export function inRange(dialect: Dialect, alias: string, { group, from, to }: NumberRange): string {
  return `${alias}.run_group = ${dialect.literal(group)} AND ${alias}.number >= ${from} AND ${alias}.number <= ${to}`;
}

const TEXTS = ["publication_id", "run_id", "kind", "code_version", "actor", "reason", "ticket"] as const;
const INTEGERS = ["number", "token", "base_head"] as const;
const INSTANTS = ["window_start", "window_end", "published_at"] as const;

/** The publications themselves. */
export function publicationsIn(dialect: Dialect, range: NumberRange): Question {
  const instant = (of: string) => dialect.landedText(of, { kind: "timestamp" });
  const cells = [
    ...TEXTS.map((name) => `p.${name}`),
    ...INTEGERS.map((name) => `${asText(`p.${name}`)} AS ${name}`),
    ...INSTANTS.map((name) => `${instant(`p.${name}`)} AS ${name}`),
    `${instant("t.raised_at")} AS started_at`,
  ];
  return {
    name: "publications",
    columns: [...TEXTS, ...INTEGERS, ...INSTANTS, "started_at"],
    sql: `SELECT ${cells.join(", ")} FROM ${ops(dialect, "publication")} p
LEFT JOIN ${ops(dialect, "fence_token")} t ON t.run_group = p.run_group AND t.token = p.token AND t.run_id = p.run_id
WHERE ${inRange(dialect, "p", range)}`,
  };
}

/** Reads what `publicationsIn` returned, in the order of their numbers. */
export function parsePublications(rows: readonly TextRow[]): PublicationLine[] {
  const lines = rows.map((row): PublicationLine => {
    const publishedAt = isoInstant(row["published_at"]) ?? "";
    return {
      publicationId: row["publication_id"] ?? "",
      number: BigInt(row["number"] ?? "0"),
      runId: row["run_id"] ?? "",
      kind: row["kind"] ?? "",
      token: BigInt(row["token"] ?? "0"),
      baseHead: BigInt(row["base_head"] ?? "0"),
      windowStart: isoInstant(row["window_start"]),
      windowEnd: isoInstant(row["window_end"]),
      startedAt: isoInstant(row["started_at"]) ?? publishedAt,
      publishedAt,
      codeVersion: row["code_version"] ?? "",
      actor: row["actor"] ?? "",
      reason: row["reason"] ?? null,
      ticket: row["ticket"] ?? null,
    };
  });
  return lines.sort((a, b) => Number(a.number - b.number));
}

/** The highest fencing token that a group has published under; 0 before its first publication. */
export async function publishedToken(session: Session, dialect: Dialect, group: string): Promise<bigint> {
  const sql = `SELECT ${asText("MAX(p.token)")} AS token FROM ${ops(dialect, "publication")} p WHERE p.run_group = ${dialect.literal(group)}`;
  const [row] = await session.rows({ name: "look.token", sql });
  return BigInt(row?.["token"] ?? "0");
}

/** The publications of a group above a number, and the kinds of the runs that made them. */
export async function publicationsSince(
  session: Session,
  dialect: Dialect,
  { group, number }: { group: string; number: bigint },
): Promise<Pick<PublicationLine, "publicationId" | "kind">[]> {
  const sql = `SELECT p.publication_id, p.kind FROM ${ops(dialect, "publication")} p
WHERE p.run_group = ${dialect.literal(group)} AND p.number > ${number} ORDER BY p.number`;
  const rows = await session.rows({ name: "look.since", sql });
  return rows.map((row) => ({ publicationId: row["publication_id"] ?? "", kind: row["kind"] ?? "" }));
}

/** The keys of the manifests of the batches of some feeds that a group has published above a number. */
export async function manifestsSince(
  session: Session,
  dialect: Dialect,
  { group, number, feeds }: { group: string; number: bigint; feeds: readonly string[] },
): Promise<string[]> {
  const wanted = feeds.map((feed) => dialect.literal(feed)).join(", ");
  const sql = `SELECT b.manifest FROM ${ops(dialect, "batch")} b
WHERE b.run_group = ${dialect.literal(group)} AND b.number > ${number} AND b.feed IN (${wanted}) ORDER BY b.number, b.feed`;
  return (await session.rows({ name: "look.batches", sql })).flatMap((row) => row["manifest"] ?? []);
}

/** The ids of the runs that made a group's publications. */
export async function publishingRuns(session: Session, dialect: Dialect, group: string): Promise<string[]> {
  const sql = `SELECT DISTINCT p.run_id FROM ${ops(dialect, "publication")} p WHERE p.run_group = ${dialect.literal(group)}`;
  return (await session.rows({ name: "project.runs", sql })).flatMap((row) => row["run_id"] ?? []);
}

const FLOW = ["number", "feed", "currency", "class", "row_count", "minor"];

/** What publications counted. */
export function flowIn(dialect: Dialect, range: NumberRange): Question {
  const integers = ["number", "row_count", "minor"].map((name) => `${asText(`f.${name}`)} AS ${name}`);
  return {
    name: "flow",
    columns: FLOW,
    sql: `SELECT f.feed, f.currency, f.class, ${integers.join(", ")} FROM ${ops(dialect, "flow")} f WHERE ${inRange(dialect, "f", range)}`,
  };
}

const VERDICT = ["number", "scope", "feed", "name", "severity", "fingerprint", "verdict", "observed", "limit_text"];
const ABOUT = ["currency", "curated", "rule", "subject"];

/** What rules and gates said of publications. */
export function verdictsIn(dialect: Dialect, range: NumberRange): Question {
  const [number, ...texts] = [...VERDICT, ...ABOUT];
  return {
    name: "verdicts",
    columns: [...VERDICT, ...ABOUT],
    sql: `SELECT ${asText(`v.${number}`)} AS number, ${texts.map((name) => `v.${name}`).join(", ")} FROM ${ops(dialect, "verdict")} v WHERE ${inRange(dialect, "v", range)}`,
  };
}

/** The feeds of the group as each publication had them, and as of when they were. */
export function feedsIn(dialect: Dialect, range: NumberRange): Question {
  return {
    name: "feeds",
    columns: ["number", "feed", "as_of"],
    sql: `SELECT ${asText("h.number")} AS number, h.feed, ${dialect.landedText("h.as_of", { kind: "timestamp" })} AS as_of FROM ${ops(dialect, "feed_horizon")} h WHERE ${inRange(dialect, "h", range)}`,
  };
}
