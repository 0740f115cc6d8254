import { createHash } from "node:crypto";
import { grouped } from "../kernel/grouped.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { OPS_TABLES, ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import type { ProofResult } from "./proof.ts";

/** Kept comparisons as one: how many there are of each result, and one hash of everything that is kept of them. */
export interface Rolled {
  readonly made: number;
  readonly results: Readonly<Record<ProofResult, number>>;
  /** SHA-256 in hex; another one once a row was changed, taken out or added. */
  readonly sha256: string;
}

/** Those of a day, and of each feed, table and tie. */
export interface RolledDay extends Rolled {
  /** ISO 8601, in UTC. */
  readonly day: string;
  readonly subjects: readonly (Rolled & { readonly of: string })[];
}

const COLUMNS = OPS_TABLES.proof;

const sha256 = (lines: readonly (readonly (string | null)[])[]) =>
  createHash("sha256")
    .update(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
    .digest("hex");

function resultsOf(rows: readonly TextRow[]): Rolled["results"] {
  const count = (result: ProofResult) => rows.filter((row) => row["result"] === result).length;
  return { equal: count("equal"), different: count("different"), not_proven: count("not_proven") };
}

/** The hash of a subject's day is that of its rows, all columns as texts in the table's order, by their ids. */
function rolledSubject(of: string, rows: readonly TextRow[]): RolledDay["subjects"][number] {
  const lines = rows.map((row) => COLUMNS.map(([name]) => row[name] ?? null));
  return { of, made: rows.length, results: resultsOf(rows), sha256: sha256(lines) };
}

/** The hash of a day is that of its subjects' names and hashes. */
function rolledDay(day: string, rows: readonly TextRow[]): RolledDay {
  const subjects = [...grouped(rows, (row) => row["subject"] ?? "")]
    .map(([of, own]) => rolledSubject(of, own))
    .toSorted((a, b) => (a.of < b.of ? -1 : 1));
  const lines = subjects.map(({ of, sha256: own }) => [of, own]);
  return { day, made: rows.length, results: resultsOf(rows), sha256: sha256(lines), subjects };
}

/**
 * All kept comparisons by day and by what they compare, the newest day first.
 * @param since the first day, ISO 8601 in UTC.
 */
export async function rollUp(session: Session, dialect: Dialect, since: string): Promise<RolledDay[]> {
  const texts = COLUMNS.map(([name, type]) => {
    const own = `p.${name}`;
    if (type === "text") return own;
    return `${type === "instant" ? dialect.landedText(own, { kind: "timestamp" }) : asText(own)} AS ${name}`;
  });
  const rows = await session.rows({
    name: "reconcile.rolled-up",
    sql: `SELECT ${texts.join(", ")} FROM ${ops(dialect, "proof")} p
WHERE p.proved_at >= ${dialect.timestamp(`${since}T00:00:00Z`)} ORDER BY p.proof_id`,
  });
  return [...grouped(rows, (row) => (isoInstant(row["proved_at"]) ?? "").slice(0, 10))]
    .map(([day, own]) => rolledDay(day, own))
    .toSorted((a, b) => (a.day > b.day ? -1 : 1));
}
