import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { ask, type Question } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** Something of each rule of each curated table: `get(table)?.get(rule)`. */
export type ByRule<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

/** What the ledger says of the rules of curated tables. */
export interface CuratedLedger {
  /** Fingerprints of the rules that tables were last judged by; a rule that its contract lost has none. */
  readonly judged: ByRule<string>;
  /** How many keys stand that break a rule; rules without any have no entry. */
  readonly standing: ByRule<bigint>;
}

function oneOf(dialect: Dialect, column: string, tables: readonly string[]): string {
  return tables.length === 0 ? "FALSE" : `${column} IN (${tables.map((table) => dialect.literal(table)).join(", ")})`;
}

function judgedRules(dialect: Dialect, tables: readonly string[]): Question {
  return {
    name: "judged",
    columns: ["curated", "rule", "fingerprint"],
    sql: `SELECT n.curated, n.rule, n.fingerprint FROM (
  SELECT r.curated, r.rule, r.fingerprint, ROW_NUMBER() OVER (PARTITION BY r.curated, r.rule ORDER BY r.judged_at DESC, r.number DESC) AS newest
  FROM ${ops(dialect, "curated_rule")} r WHERE ${oneOf(dialect, "r.curated", tables)}
) n WHERE n.newest = 1 AND n.fingerprint IS NOT NULL`,
  };
}

function standingFindings(dialect: Dialect, tables: readonly string[]): Question {
  return {
    name: "standing",
    columns: ["curated", "rule", "row_count"],
    sql: `SELECT f.curated, f.rule, COUNT(*) AS row_count FROM ${ops(dialect, "curated_finding")} f
WHERE ${oneOf(dialect, "f.curated", tables)} GROUP BY f.curated, f.rule`,
  };
}

/** What is asked of the ledger about curated tables, to be read by `parseCuratedLedger`. */
export function curatedLedger(dialect: Dialect, tables: readonly string[]): Question[] {
  return [judgedRules(dialect, tables), standingFindings(dialect, tables)];
}

function byRule<T>(rows: readonly TextRow[], value: (row: TextRow) => T): ByRule<T> {
  const found = new Map<string, Map<string, T>>();
  for (const row of rows) {
    const rules = found.get(row["curated"] ?? "") ?? new Map<string, T>();
    found.set(row["curated"] ?? "", rules.set(row["rule"] ?? "", value(row)));
  }
  return found;
}

function parseStanding(rows: readonly TextRow[]): ByRule<bigint> {
  return byRule(rows, (row) => BigInt(row["row_count"] ?? "0"));
}

/** Reads the answers to `curatedLedger`. */
export function parseCuratedLedger(answer: (name: string) => TextRow[]): CuratedLedger {
  return { judged: byRule(answer("judged"), (row) => row["fingerprint"] ?? ""), standing: parseStanding(answer("standing")) };
}

/** The first keys of each rule that stand, so many of each, in their order. */
function firstKeys(dialect: Dialect, tables: readonly string[], most: number): Question {
  return {
    name: "first-keys",
    columns: ["curated", "rule", "business_key"],
    sql: `SELECT n.curated, n.rule, n.business_key FROM (
  SELECT f.curated, f.rule, f.business_key, ROW_NUMBER() OVER (PARTITION BY f.curated, f.rule ORDER BY f.business_key) AS place
  FROM ${ops(dialect, "curated_finding")} f WHERE ${oneOf(dialect, "f.curated", tables)}
) n WHERE n.place <= ${most}`,
  };
}

/** What stands: how many keys of each rule, and the first of them. */
export interface Standing {
  readonly counts: ByRule<bigint>;
  readonly keys: ByRule<readonly string[]>;
}

export const NOTHING_STANDS: Standing = { counts: new Map(), keys: new Map() };

/** Reads what stands of some tables; of each rule at most so many keys. */
export async function readStanding(
  session: Session,
  dialect: Dialect,
  { tables, most }: { tables: readonly string[]; most: number },
): Promise<Standing> {
  const questions = [standingFindings(dialect, tables), firstKeys(dialect, tables, most)];
  const answer = await ask(session, { dialect, name: "findings" }, questions);
  const rows = answer("first-keys");
  const keysOf = (of: TextRow) =>
    rows
      .filter((row) => row["curated"] === of["curated"] && row["rule"] === of["rule"])
      .map((row) => row["business_key"] ?? "")
      .sort();
  return { counts: parseStanding(answer("standing")), keys: byRule(rows, keysOf) };
}

/** INSERT of an event for each key that a SELECT gives as `business_key` and `found_in`. */
export interface FindingEvents {
  readonly publicationId: string;
  readonly group: string;
  readonly number: bigint;
  /** The instant of publishing as SQL. */
  readonly now: string;
  readonly table: string;
  readonly rule: string;
  readonly event: "found" | "mended" | "dropped";
  /** SELECT of `business_key` and `found_in`. */
  readonly keys: string;
}

/** Keys that begin or cease to break a rule of a curated table. */
export function recordFindings(dialect: Dialect, of: FindingEvents) {
  const texts = [of.table, of.rule].map((text) => dialect.literal(text)).join(", ");
  return {
    name: `findings-${of.event}.${of.table}#${of.rule}`,
    sql: `INSERT INTO ${ops(dialect, "curated_finding_event")} (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT ${dialect.literal(of.publicationId)}, ${dialect.literal(of.group)}, ${of.number}, ${texts}, k.business_key, ${dialect.literal(of.event)}, k.found_in, ${of.now}
FROM (
${of.keys}
) k`,
  };
}

/** `FROM … WHERE …`: what stands of a rule, as `f`. */
export function standingOf(dialect: Dialect, { table, rule }: { table: string; rule: string }): string {
  return `FROM ${ops(dialect, "curated_finding")} f WHERE f.curated = ${dialect.literal(table)} AND f.rule = ${dialect.literal(rule)}`;
}
