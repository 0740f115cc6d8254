import { modelFingerprint } from "../config/link-models.ts";
import type { Model } from "../config/pipeline.ts";
import { present } from "../contract/present.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import { isSameMaking, type Recorded, type SelectEra } from "../ledger/recorded.ts";
import { sqlTokens } from "../sql/tokens.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** A model's SELECT without what changes no row: comments, white space, the case of words. */
export function selectFingerprint({ select }: Pick<Model, "select">): string {
  const tokens = sqlTokens(select) ?? [{ kind: "word", text: select }];
  // Snowflake's paths into JSON tell `v:Name` from `v:name`.
  const isPath = (i: number) => tokens[i]?.text === ":" && tokens[i - 1]?.text !== ":" && tokens[i + 1]?.text !== ":";
  const anyPath = tokens.some((_, i) => isPath(i));
  return fingerprint(tokens.map(({ kind, text }) => [kind, kind === "word" && !anyPath ? text.toLowerCase() : text]));
}

/** The columns that a table takes of its SELECT. */
export function columnsOf({ contract }: Pick<Model, "contract">): string[] {
  return contract.columns.map(({ name }) => name).sort();
}

/** What publications from this number on were made with, until the next entry. */
interface MadeWith {
  readonly number: bigint;
  readonly fingerprints: Readonly<Record<string, string>>;
}

async function readHistory(session: Session, dialect: Dialect, group: string): Promise<MadeWith[]> {
  const rows = await session.rows({
    name: "begin.made-with",
    sql: `SELECT CAST(h.number AS VARCHAR) AS number, h.fingerprints FROM (
  SELECT p.number, p.fingerprints, LAG(p.fingerprints) OVER (ORDER BY p.number) AS earlier FROM ${ops(dialect, "publication")} p
  WHERE p.run_group = ${dialect.literal(group)}
) h WHERE h.earlier IS NULL OR h.earlier <> h.fingerprints ORDER BY h.number`,
  });
  return rows.map((row) => ({
    number: BigInt(row["number"] ?? "0"),
    fingerprints: JSON.parse(row["fingerprints"] ?? "{}") as Record<string, string>,
  }));
}

/**
 * The SELECT that a publication made a table's rows with. Publications record the model with its contract in one fingerprint;
 * where today's SELECT under the contract of that time gives it, only the contract was another.
 */
function selectOf(model: Model, { fingerprints }: MadeWith): string | undefined {
  const recorded = fingerprints[`model:${model.table}`];
  const contract = fingerprints[`contract:${model.table}`] ?? "";
  const isToday = recorded === model.fingerprint || recorded === modelFingerprint({ ...model, contract });
  return isToday ? selectFingerprint(model) : recorded;
}

function erasOf(model: Model, history: readonly MadeWith[]): SelectEra[] {
  const eras: SelectEra[] = [];
  for (const made of history) {
    const select = selectOf(model, made);
    if (select !== undefined && select !== eras.at(-1)?.select) eras.push({ after: made.number - 1n, select });
  }
  return eras;
}

/** How the next publication makes a table's rows; a version is recorded where the rows of a view have theirs from here. */
function todayOf(model: Model, head: bigint): SelectEra {
  const version = model.asView ? model.contract.version : undefined;
  return { after: head, select: selectFingerprint(model), columns: columnsOf(model), ...present({ version }) };
}

/** The SELECTs of a group's tables, and which of them no run has recorded yet. */
export interface TableEras {
  /** Curated table → its SELECTs, that of the next publication last. */
  readonly eras: ReadonlyMap<string, readonly SelectEra[]>;
  readonly fresh: ReadonlyMap<string, readonly SelectEra[]>;
  /** Tables that were published and are no model's any more. */
  readonly gone: readonly string[];
}

/**
 * Follows the SELECTs of a group's tables up to today's. What runs have not recorded is read from what each publication was
 * made with: once, in a warehouse of a version that recorded nothing else.
 */
export async function followSelects(
  session: Session,
  dialect: Dialect,
  options: { group: string; models: readonly Model[]; elsewhere: ReadonlySet<string>; recorded: Recorded; head: bigint },
): Promise<TableEras> {
  const { group, models, elsewhere, recorded, head } = options;
  const isUnknown = models.some(({ table }) => !recorded.eras.has(table)) || recorded.eras.size === 0;
  const history = isUnknown && head > 0n ? await readHistory(session, dialect, group) : [];
  const fresh = new Map<string, readonly SelectEra[]>();
  const eras = new Map<string, readonly SelectEra[]>();
  for (const model of models) {
    const { table } = model;
    const known = recorded.eras.get(table);
    const found = known ?? erasOf(model, history);
    const today = todayOf(model, head);
    const added = isSameMaking(found.at(-1), today) ? [] : [today];
    const unrecorded = [...(known ? [] : found), ...added];
    if (unrecorded.length > 0) fresh.set(table, unrecorded);
    eras.set(table, [...found, ...added]);
  }
  const last = Object.keys(history.at(-1)?.fingerprints ?? {}).flatMap((name) => /^model:(.*)$/.exec(name)?.[1] ?? []);
  const published = new Set([...recorded.eras.keys(), ...last]);
  const gone = [...published].filter((table) => !eras.has(table) && !elsewhere.has(table) && !recorded.retiredTables.has(table));
  return { eras, fresh, gone };
}
