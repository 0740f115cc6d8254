import { present } from "../contract/present.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** The SELECT that makes the rows of a curated table changed: detail is a list of `SelectEra`, several where none was recorded before. */
export const MODEL_DECLARED = "model.declared";
/** A publication computed all rows of a curated table: detail is `{ publication, number, select, columns, why }`. */
export const MODEL_RECOMPUTED = "model.recomputed";
/** A published table got a column: subject is `schema.table.column`, detail the last publication without it. */
export const COLUMN_ADDED = "column.added";
export const FEED_RETIRED = "feed.retired";
export const FEED_RETURNED = "feed.returned";
/** The rows of the feed that is the subject are another's: detail is `{ to, publication }`. */
export const FEED_RENAMED = "feed.renamed";
export const TABLE_RETIRED = "table.retired";
/** Detail is `{ after }`: the last publication before the table returned. */
export const TABLE_RETURNED = "table.returned";

const EVENTS = [
  ...[MODEL_DECLARED, MODEL_RECOMPUTED, COLUMN_ADDED],
  ...[FEED_RETIRED, FEED_RETURNED, FEED_RENAMED, TABLE_RETIRED, TABLE_RETURNED],
] as const;

/** Publications above `after`, until those of the next era, made a table's rows with one SELECT. */
export interface SelectEra {
  readonly after: bigint;
  /** Fingerprint of the SELECT. */
  readonly select: string;
  /** The columns that they took of it; absent where an earlier release recorded none. */
  readonly columns?: readonly string[];
  /** Version of the table's contract, where its rows are a view and have it from here. */
  readonly version?: string;
}

/** A column that published tables got after rows of them were published. */
export interface AddedColumn {
  /** `staging.<stem>__rows` or `curated.<table>`. */
  readonly relation: string;
  readonly column: string;
  /** The last publication whose rows read NULL in it. */
  readonly after: bigint;
}

/** The name under which a feed's rows go on, and the publication since which they do. */
export interface Renamed {
  readonly to: string;
  readonly publicationId: string;
}

/** What people and runs have recorded of a group's published tables, beside the publications themselves. */
export interface Recorded {
  /** Curated table → its SELECTs in the order of publications; none for a table that no run has declared. */
  readonly eras: ReadonlyMap<string, readonly SelectEra[]>;
  readonly addedColumns: readonly AddedColumn[];
  readonly retiredFeeds: ReadonlySet<string>;
  readonly retiredTables: ReadonlySet<string>;
  /** Former name of a feed → the name that its rows were given; a feed that was renamed back has none. */
  readonly renamed: ReadonlyMap<string, Renamed>;
}

export const NOTHING_RECORDED: Recorded = {
  eras: new Map(),
  addedColumns: [],
  retiredFeeds: new Set(),
  retiredTables: new Set(),
  renamed: new Map(),
};

/** The name under which a feed's rows are published today, after however many renames. */
export function nameNow({ renamed }: Pick<Recorded, "renamed">, feed: string): string {
  const next = renamed.get(feed);
  return next ? nameNow({ renamed }, next.to) : feed;
}

/** A feed's own name and all under which its rows were published before. */
export function namesOf({ renamed }: Pick<Recorded, "renamed">, feed: string): string[] {
  return [feed, ...[...renamed.keys()].filter((former) => nameNow({ renamed }, former) === feed)];
}

/** What stands in place of a fingerprint where rows may be older than changes of their source rows. */
export const BEFORE_RETIREMENT = "before the table was retired";

/** How a table that a publication computed again is recorded. */
export function recomputedDetail(of: {
  publication: string;
  number: bigint;
  select: string;
  columns: readonly string[];
  why: string;
}): string {
  return JSON.stringify({ ...of, number: of.number.toString() });
}

/** How eras of one table are recorded; `head`: the last publication at that time, where the eras say it of earlier ones. */
export function eraDetail(eras: readonly SelectEra[], head?: bigint): string {
  const last = eras.length - 1;
  return JSON.stringify(
    eras.map(({ after, select, columns, version }, i) => ({
      ...{ after: after.toString(), select },
      ...present({ columns, version, head: i === last ? head?.toString() : undefined }),
    })),
  );
}

interface WrittenEra {
  readonly after: string;
  readonly select: string;
  readonly columns?: readonly string[];
  readonly version?: string;
  readonly head?: string;
}

const writtenEras = (detail: string | null | undefined) => JSON.parse(detail ?? "[]") as WrittenEra[];

function declaredEras(detail: string | null | undefined): SelectEra[] {
  return writtenEras(detail).map(({ after, select, columns, version }) => ({
    ...{ after: BigInt(after), select },
    ...present({ columns, version }),
  }));
}

/**
 * Whether rows of two eras are made in one way, and recorded so: with the same SELECT, the same columns of it and the same version, or none told
 * by both.
 */
export function isSameMaking(a: Omit<SelectEra, "after"> | undefined, b: SelectEra): boolean {
  const isSame = a?.select === b.select && JSON.stringify(a.columns) === JSON.stringify(b.columns);
  return isSame && a.version === b.version;
}

function returnedAfter(detail: string | null | undefined): bigint {
  return BigInt((JSON.parse(detail ?? "{}") as { after?: string }).after ?? "0");
}

/** An era begun at the publication of an earlier one takes its place: nothing was published between. */
function withEra(eras: SelectEra[], era: SelectEra): SelectEra[] {
  const kept = eras.filter((earlier) => earlier.after < era.after);
  return isSameMaking(kept.at(-1), era) ? kept : [...kept, era];
}

/** While a table was retired nothing reached its rows: whoever made them, they may be behind. */
function afterReturn(eras: readonly SelectEra[], after: bigint): SelectEra[] {
  const last = eras.at(-1);
  return last && after > 0n
    ? [
        { after: 0n, select: BEFORE_RETIREMENT },
        { ...last, after },
      ]
    : [...eras];
}

/** All rows are those of one SELECT, whichever made them before. */
function afterRecompute(detail: string | null | undefined): SelectEra[] {
  const { select, columns } = JSON.parse(detail ?? "{}") as { select: string; columns?: readonly string[] };
  return [{ after: 0n, select, ...present({ columns }) }];
}

/**
 * The publication behind which an event lies, and whether it is one's own: what a run records it dates by its start, and clocks differ, so that
 * instants tell no order of runs.
 */
function placeOf({ event, detail }: TextRow): bigint {
  const behind = (number: bigint) => number * 2n + 1n;
  if (event === MODEL_RECOMPUTED) return BigInt((JSON.parse(detail ?? "{}") as { number?: string }).number ?? "0") * 2n;
  if (event === COLUMN_ADDED) return behind(BigInt(detail ?? "0"));
  if (event === TABLE_RETURNED) return behind(returnedAfter(detail));
  const last = writtenEras(detail).at(-1);
  const [after, head] = [BigInt(last?.after ?? "0"), BigInt(last?.head ?? "0")];
  return behind(head > after ? head : after);
}

/** Events about rows of tables, in the order of the publications that they lie between. */
function inOrder(rows: readonly TextRow[]): TextRow[] {
  const placed = rows.map((row) => ({ row, place: placeOf(row) }));
  return placed.sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0)).map(({ row }) => row);
}

function erasBehind(eras: SelectEra[], { event, detail }: TextRow): SelectEra[] {
  if (event === MODEL_DECLARED) return declaredEras(detail).reduce(withEra, eras);
  return event === MODEL_RECOMPUTED ? afterRecompute(detail) : afterReturn(eras, returnedAfter(detail));
}

function erasOf(rows: readonly TextRow[]): Map<string, SelectEra[]> {
  const found = new Map<string, SelectEra[]>();
  for (const row of rows) {
    const table = row["subject"] ?? "";
    found.set(table, erasBehind(found.get(table) ?? [], row));
  }
  return found;
}

function columnOf(row: TextRow): AddedColumn {
  const subject = row["subject"] ?? "";
  const [schema = "", table = ""] = subject.split(".");
  const relation = `${schema}.${table}`;
  return { relation, column: subject.slice(relation.length + 1), after: BigInt(row["detail"] ?? "0") };
}

/**
 * A column that was noted twice was added by the later of the two: the first try broke off. A table that was computed again has no rows that
 * are older than its columns.
 */
function columnsOf(rows: readonly TextRow[]): AddedColumn[] {
  const found = new Map<string, AddedColumn>();
  for (const row of rows) {
    const subject = row["subject"] ?? "";
    if (row["event"] === COLUMN_ADDED) found.set(subject, columnOf(row));
    else for (const [name, { relation }] of found) if (relation === `curated.${subject}`) found.delete(name);
  }
  return [...found.values()];
}

/** A name that rows come back to is a former one no more, so that no chain of names is a circle. */
function renamedOf(rows: readonly TextRow[]): Map<string, Renamed> {
  const found = new Map<string, Renamed>();
  for (const row of rows) {
    const { to, publication } = JSON.parse(row["detail"] ?? "{}") as { to: string; publication: string };
    found.set(row["subject"] ?? "", { to, publicationId: publication });
    found.delete(to);
  }
  return found;
}

function standing(rows: readonly TextRow[], begins: string): Set<string> {
  const last = new Map(rows.map((row) => [row["subject"] ?? "", row["event"]]));
  return new Set([...last].flatMap(([subject, event]) => (event === begins ? [subject] : [])));
}

/** Reads what is recorded of a group's tables, in the order in which it happened. */
export async function readRecorded(session: Pick<Session, "rows">, dialect: Dialect, group: string): Promise<Recorded> {
  const names = EVENTS.map((name) => dialect.literal(name)).join(", ");
  const rows = await session.rows({
    name: "begin.recorded",
    sql: `SELECT a.event, a.subject, a.detail FROM ${ops(dialect, "audit_event")} a
WHERE a.run_group = ${dialect.literal(group)} AND a.event IN (${names}) ORDER BY a.happened_at, a.event_id`,
  });
  const of = (...events: readonly string[]) => rows.filter((row) => events.includes(row["event"] ?? ""));
  return {
    eras: erasOf(inOrder(of(MODEL_DECLARED, MODEL_RECOMPUTED, TABLE_RETURNED))),
    addedColumns: columnsOf(inOrder(of(COLUMN_ADDED, MODEL_RECOMPUTED))),
    retiredFeeds: standing(of(FEED_RETIRED, FEED_RETURNED), FEED_RETIRED),
    retiredTables: standing(of(TABLE_RETIRED, TABLE_RETURNED), TABLE_RETIRED),
    renamed: renamedOf(of(FEED_RENAMED)),
  };
}
