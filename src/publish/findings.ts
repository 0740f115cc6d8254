import {
  breakingRows,
  type CuratedParents,
  countBreaking,
  curatedKeyText,
  isOfRow,
  type JudgedTable,
  type KeyRule,
  keyRules,
  parseBreaking,
  rememberedRules,
} from "../checks/curated-rules.ts";
import { MASK } from "../checks/samples.ts";
import type { Model } from "../config/pipeline.ts";
import {
  type ByRule,
  type CuratedLedger,
  type FindingEvents,
  NOTHING_STANDS,
  readStanding,
  recordFindings,
  standingOf,
} from "../ledger/curated-findings.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type Gate, gateSeverity, severeGate } from "./gate.ts";
import { hasPersonalKey, NAMED, namedKeys } from "./named-keys.ts";
import { isFirst, type Writing } from "./staging.ts";
import { touchedTable } from "./ways.ts";

/** The curated tables of a group behind the writes of a publication, and what the ledger knew of their rules before. */
export interface KeptFindings {
  readonly models: readonly Model[];
  /** Tables of which rows were written; each has its work table `touched`. */
  readonly touched: ReadonlySet<string>;
  readonly parent: CuratedParents;
  readonly writing: Writing;
  /** The instant of publishing as an ISO text. */
  readonly publishedAt: string;
  readonly ledger: CuratedLedger;
}

/** One table, its rules by what has to be known of them. */
interface Table {
  readonly model: Model;
  readonly isTouched: boolean;
  readonly rules: readonly KeyRule[];
  /** Rules that the table was not judged by before, as they are now: they are judged over all its rows. */
  readonly changed: ReadonlySet<string>;
  readonly standing: ReadonlyMap<string, bigint>;
}

/** The rules of a table that the ledger does not know as they are now: those of keys, and those over the whole table. */
export function changedRules(model: Model, { judged }: Pick<CuratedLedger, "judged">): ReadonlySet<string> {
  const before = judged.get(model.table);
  return new Set(
    rememberedRules(model)
      .filter((rule) => before?.get(rule.id) !== rule.fingerprint)
      .map(({ id }) => id),
  );
}

function tablesOf({ models, touched, ledger }: KeptFindings): Table[] {
  return models.map((model) => ({
    model,
    isTouched: touched.has(model.table),
    rules: keyRules(model),
    changed: changedRules(model, ledger),
    standing: ledger.standing.get(model.table) ?? new Map(),
  }));
}

/** The rows over which a rule is judged: those of this publication, or all where that says nothing of the others. */
function scopeOf(kept: KeptFindings, { model, changed, isTouched }: Table, rule: KeyRule): JudgedTable {
  const ofWritten = isTouched && (isFirst(kept.writing) || !changed.has(rule.id));
  return { model, parent: kept.parent, writtenBy: ofWritten ? kept.writing.number : null };
}

/** What has to be counted of rules that are judged now, and how the answers are read: rows that break them, by table and rule. */
export function countedFindings(dialect: Dialect, kept: KeptFindings) {
  const asked = tablesOf(kept).flatMap((table) => {
    const due = table.rules.filter((rule) => table.isTouched || table.changed.has(rule.id));
    const scopes = [kept.writing.number, null].map((writtenBy) => ({
      writtenBy,
      rules: due.filter((rule) => scopeOf(kept, table, rule).writtenBy === writtenBy),
    }));
    return scopes
      .filter(({ rules }) => rules.length > 0)
      .map(({ writtenBy, rules }) => {
        const judged = { model: table.model, parent: kept.parent, writtenBy };
        return { table: table.model.table, rules, question: countBreaking(dialect, judged, rules) };
      });
  });
  const read = (answer: (name: string) => TextRow[]): ByRule<bigint> => {
    const counts = new Map<string, Map<string, bigint>>();
    for (const { table, rules, question } of asked) {
      const found = parseBreaking(rules, answer(question.name)[0]);
      counts.set(table, new Map([...(counts.get(table) ?? []), ...found]));
    }
    return counts;
  };
  return { questions: asked.map(({ question }) => question), read };
}

/** Keys that break a rule and did not before. */
function newKeys(dialect: Dialect, { kept, table, rule }: { kept: KeptFindings; table: Table; rule: KeyRule }): string {
  const { model } = table;
  const key = curatedKeyText(dialect, model, "c");
  const known = `SELECT 1 ${standingOf(dialect, { table: model.table, rule: rule.id })} AND f.business_key = b.business_key`;
  return `SELECT b.business_key, ${dialect.literal(kept.writing.publicationId)} AS found_in
FROM (SELECT ${key} AS business_key ${breakingRows(dialect, scopeOf(kept, table, rule), rule)}) b
WHERE NOT EXISTS (${known})`;
}

/**
 * Keys that stand and break their rule no more. Only a touched row can cease to break a rule of rows; one that lacked a parent or shared a
 * key can be right although it was not touched.
 */
function mendedKeys(dialect: Dialect, { kept, table, rule }: { kept: KeptFindings; table: Table; rule: KeyRule }): string {
  const { model } = table;
  const ofTouched = isOfRow(rule) && !table.changed.has(rule.id);
  const touched = `SELECT ${curatedKeyText(dialect, model, "t")} FROM ${touchedTable(dialect, model)} t`;
  const scope = ofTouched ? scopeOf(kept, table, rule) : { model, parent: kept.parent, writtenBy: null };
  return `SELECT f.business_key, f.publication_id AS found_in ${standingOf(dialect, { table: model.table, rule: rule.id })}${ofTouched ? `\nAND f.business_key IN (${touched})` : ""}
AND NOT EXISTS (
  SELECT 1 FROM (SELECT ${curatedKeyText(dialect, model, "c")} AS business_key ${breakingRows(dialect, scope, rule)}) b WHERE b.business_key = f.business_key
)`;
}

function droppedKeys(dialect: Dialect, table: Table, rule: string): string {
  return `SELECT f.business_key, f.publication_id AS found_in ${standingOf(dialect, { table: table.model.table, rule })}`;
}

/** Whether standing findings of a rule can have been mended in this publication. */
function mayMend({ isTouched, changed, standing }: Table, rule: KeyRule): boolean {
  return (standing.get(rule.id) ?? 0n) > 0n && (isTouched || changed.has(rule.id) || rule.kind === "foreign_key");
}

/** Writes what begins and what ceases to stand; gives how many keys are new, by rule. */
async function recordTable(
  session: Session,
  dialect: Dialect,
  { kept, table, counts }: { kept: KeptFindings; table: Table; counts: ReadonlyMap<string, bigint> },
): Promise<Map<string, bigint>> {
  const { publicationId, group, number, now } = kept.writing;
  const record = (event: FindingEvents["event"], rule: string, keys: string) =>
    session.run(
      recordFindings(dialect, { ...{ publicationId, group, number, now }, table: table.model.table, rule, event, keys }),
    );
  const ids = new Set(table.rules.map(({ id }) => id));
  for (const id of table.standing.keys()) if (!ids.has(id)) await record("dropped", id, droppedKeys(dialect, table, id));
  const found = new Map<string, bigint>();
  for (const rule of table.rules) {
    if (mayMend(table, rule)) await record("mended", rule.id, mendedKeys(dialect, { kept, table, rule }));
    if ((counts.get(rule.id) ?? 0n) === 0n) continue;
    found.set(rule.id, await record("found", rule.id, newKeys(dialect, { kept, table, rule })));
  }
  return found;
}

/** Rules that tables are judged by from this publication on, and those that their contracts have lost. */
function ruleRows(kept: KeptFindings, tables: readonly Table[]): OpsRow<"curated_rule">[] {
  const { publicationId, group, number } = kept.writing;
  const base = { publication_id: publicationId, run_group: group, number, judged_at: kept.publishedAt };
  return tables.flatMap(({ model, changed }) => {
    const rules = rememberedRules(model);
    const ids = new Set(rules.map(({ id }) => id));
    const gone = [...(kept.ledger.judged.get(model.table)?.keys() ?? [])].filter((id) => !ids.has(id));
    const begun = rules.filter(({ id }) => changed.has(id)).map(({ id, fingerprint }) => [id, fingerprint] as const);
    const lines = [...begun, ...gone.map((id) => [id, null] as const)];
    return lines.map(([rule, fingerprint]) => ({ ...base, curated: model.table, rule, fingerprint }));
  });
}

/** What stands of one rule. */
interface RuleStanding {
  readonly rows: bigint;
  readonly found: bigint;
  readonly keys: readonly string[];
}

function findingGate(model: Model, rule: KeyRule, { rows, found, keys }: RuleStanding): Gate {
  const severity = gateSeverity(rule.severity);
  const fresh = found > 0n && found < rows ? `, ${found} of them new` : "";
  const named = severity === "block" ? namedKeys(hasPersonalKey(model) ? keys.map(() => MASK) : keys, rows) : "";
  const outcome = { holds: rows === 0n, observed: `${rows} rows${fresh}${named}`, limit: "0 rows" };
  return severeGate({ name: "curated_rule", severity }, { table: model.table, rule: rule.id }, outcome);
}

/**
 * Keeps up which keys of curated tables break which rules: touched keys are judged, a rule that is new or changed over the whole table,
 * and what stands stands until it is mended. A rule without a standing key costs a count over the rows of this publication. `counts`: what
 * `countedFindings` read.
 * @returns one gate for each rule that was judged or has keys that stand, by all that stand.
 */
export async function keepFindings(
  session: Session,
  dialect: Dialect,
  { kept, counts }: { kept: KeptFindings; counts: ByRule<bigint> },
): Promise<Gate[]> {
  const tables = tablesOf(kept);
  const found = new Map<string, Map<string, bigint>>();
  for (const table of tables) {
    const ofTable = counts.get(table.model.table) ?? new Map();
    found.set(table.model.table, await recordTable(session, dialect, { kept, table, counts: ofTable }));
  }
  for (const statement of insertOps(dialect, "curated_rule", ruleRows(kept, tables))) await session.run(statement);
  const anyStands = tables.some(({ model, standing }) => standing.size > 0 || (found.get(model.table)?.size ?? 0) > 0);
  const names = kept.models.map(({ table }) => table);
  const { counts: rows, keys } = anyStands
    ? await readStanding(session, dialect, { tables: names, most: NAMED })
    : NOTHING_STANDS;
  return tables.flatMap(({ model, rules, isTouched, changed }) => {
    const stands = (id: string) => rows.get(model.table)?.get(id) ?? 0n;
    const told = rules.filter(({ id }) => isTouched || changed.has(id) || stands(id) > 0n);
    return told.map((rule) => {
      const of = { found: found.get(model.table)?.get(rule.id) ?? 0n, keys: keys.get(model.table)?.get(rule.id) ?? [] };
      return findingGate(model, rule, { rows: stands(rule.id), ...of });
    });
  });
}
