import { MASK, maskedKeys } from "../checks/samples.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Column } from "../contract/contract.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { stagingRows, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, concatenated, firstOf, rowKey, sameKey } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type BreakReason, type KeyMoney, moneyOf, type Named, namedRows } from "./terms.ts";
import type { TieClass } from "./tie-class.ts";

/** Values of a row by column, as texts; personal ones are masked. */
export type Values = Readonly<Record<string, string | null>>;

/** A key that is not equal, with what either side has. */
export interface BreakRow {
  /** Masked where it is personal. */
  readonly key: Values;
  /** The whole key as one text, not masked. */
  readonly keyText: string;
  readonly why: BreakReason | null;
  /** Of a key of a tie: what became of it. */
  readonly tie?: TieClass;
  /** The columns in which both sides differ; none where a side has no row, or was not kept to be looked at. */
  readonly columns: readonly string[];
  readonly source: Values | null;
  readonly live: Values | null;
  /**
   * A few bits of a hash over the whole, unmasked values of both sides: it tells that they have changed, and is too short to find a value by.
   */
  readonly print: string;
  readonly sourceMoney: KeyMoney | null;
  readonly liveMoney: KeyMoney | null;
  /** Of a feed whose rows stand in others: in which one, as it was landed, else as it is published. */
  readonly scope?: string | null;
}

/** Hexadecimal digits of a print: of a million guesses at a personal value some fifteen would fit. */
const PRINT_DIGITS = 4;

/** A print of some texts, NULLs among them. */
export function printOf(dialect: Dialect, texts: readonly string[]): string {
  const fields = texts.map((text) => `COALESCE(${asText(dialect.octets(text))} || ':' || ${text}, '-')`);
  return `SUBSTR(MD5(${concatenated(["''", ...fields])}), 1, ${PRINT_DIGITS})`;
}

/** Characters of a value that are told. */
const VALUE_CHARACTERS = 200;

/** A row of one side of a comparison, and whether it is there. */
interface Side {
  readonly alias: string;
  readonly isThere: string;
}

function valuesOf(dialect: Dialect, of: readonly Column[], { alias, isThere }: Side): string {
  const entries = of.map(({ name, pii }) => {
    const text = asText(column(dialect, alias, name));
    const shown = pii
      ? `CASE WHEN ${text} IS NOT NULL THEN ${dialect.literal(MASK)} END`
      : `SUBSTR(${text}, 1, ${VALUE_CHARACTERS})`;
    return [name, shown] as const;
  });
  return `CASE WHEN ${isThere} THEN ${dialect.jsonObject(entries)} END`;
}

/** What both rows of a key have, and in which columns, by their place in the contract, they differ: as `parseSides` reads it. */
export function sideColumns(dialect: Dialect, of: readonly Column[], [source, live]: readonly [Side, Side]): string[] {
  const differs = of.map(({ name }, i) => {
    const isOther = `${column(dialect, source.alias, name)} IS DISTINCT FROM ${column(dialect, live.alias, name)}`;
    return `CASE WHEN ${isOther} THEN '${i},' ELSE '' END`;
  });
  return [
    `CASE WHEN ${and([source.isThere, live.isThere])} THEN ${concatenated(["''", ...differs])} END AS differing_columns`,
    `${printOf(
      dialect,
      [source, live].flatMap(({ alias }) => of.map(({ name }) => asText(column(dialect, alias, name)))),
    )} AS print`,
    `${valuesOf(dialect, of, source)} AS source_values`,
    `${valuesOf(dialect, of, live)} AS live_values`,
  ];
}

/** Reads what `sideColumns` gives. */
export function parseSides(row: TextRow, of: readonly Column[]): Pick<BreakRow, "columns" | "source" | "live" | "print"> {
  const values = (name: string) => {
    const text = row[name] ?? null;
    return text === null ? null : (JSON.parse(text) as Values);
  };
  const places = (row["differing_columns"] ?? "").split(",").filter((place) => place !== "");
  return {
    columns: places.flatMap((place) => of[Number(place)]?.name ?? []),
    print: row["print"] ?? "",
    source: values("source_values"),
    live: values("live_values"),
  };
}

/** A key and its text, as rows of it have them. */
export function parseKey(row: TextRow, names: readonly string[]): Pick<BreakRow, "key" | "keyText"> {
  const key = Object.fromEntries(names.map((name, i) => [name, row[`key_${i}`] ?? null]));
  return { key, keyText: row["key_text"] ?? JSON.stringify(Object.values(key)) };
}

const NO_SIDES = ["NULL AS differing_columns", "NULL AS print", "NULL AS source_values", "NULL AS live_values"];

/** Rows that were read again, the one that speaks for each break, and live rows. */
function joinsOf(dialect: Dialect, feed: Feed): string {
  const same = (alias: string) => sameKey(dialect, feed.sourceKey, [alias, "f"]);
  return `\nLEFT JOIN ${workTable(dialect, "again", feed)} a ON ${same("a")} AND a._nth = f._nth
LEFT JOIN ${stagingRows(dialect, feed)} s ON ${same("s")} AND s._deleted_at IS NULL`;
}

/** The first breaks of a compared feed in the order of their keys, each once. `hasRows`: the rows of open keys were read again. */
export async function breakRows(
  session: Session,
  dialect: Dialect,
  { limit, hasRows, ...of }: Named & { limit: number; hasRows: boolean },
): Promise<BreakRow[]> {
  const { feed } = of;
  const [first = ""] = feed.sourceKey;
  const money = ["_source_minor", "_source_currency", "_live_minor", "_live_currency"];
  const wanted = [columns(dialect, "f", feed.sourceKey), "f._why", "f._nth", ...money.map((name) => `f.${name}`)];
  const breaks = firstOf({
    rows: `SELECT n.* FROM (\n  ${namedRows(dialect, of)}\n) n WHERE n._term = 'break'`,
    columns: wanted,
    total: "all_keys",
    order: feed.sourceKey.map((name) => column(dialect, "f", name)),
    limit,
  });
  const { columns: own } = feed.contract;
  const isThere = (alias: string) => ({ alias, isThere: `${column(dialect, alias, first)} IS NOT NULL` });
  const sides = hasRows ? sideColumns(dialect, own, [isThere("a"), isThere("s")]) : NO_SIDES;
  const texts = (["source", "live"] as const).flatMap((side) => [
    `f._${side}_currency AS ${side}_currency`,
    `${asText(`f._${side}_minor`)} AS ${side}_minor`,
  ]);
  const scope = feed.scoped && hasRows ? ["COALESCE(a._scope, s._scope) AS scope"] : [];
  const keys = maskedKeys(dialect, feed, { alias: "f", names: feed.sourceKey });
  const key = `${rowKey(dialect, "f", feed.sourceKey)} AS key_text`;
  const rows = await session.rows({
    name: `reconcile.breaks.${feed.id}`,
    sql: `SELECT ${[...keys, key, "f._why AS why", ...texts, ...sides, ...scope].join(",\n  ")}
FROM (\n${breaks}\n) f${hasRows ? joinsOf(dialect, feed) : ""}
ORDER BY ${[...feed.sourceKey.map((name) => column(dialect, "f", name)), "print"].join(", ")}`,
  });
  const found = rows.map((row) => ({
    ...parseKey(row, feed.sourceKey),
    ...parseSides(row, own),
    why: (row["why"] ?? "differs") as BreakReason,
    sourceMoney: moneyOf(row, "source"),
    liveMoney: moneyOf(row, "live"),
    ...(row["scope"] != null && { scope: row["scope"] }),
  }));
  return firstOfEach(found);
}

/** The first of the rows of each key and reason: of a key that is there several times, always the same one. */
export function firstOfEach(rows: readonly BreakRow[]): BreakRow[] {
  const found = new Map<string, BreakRow>();
  for (const row of rows) {
    const name = JSON.stringify([row.keyText, row.why]);
    if (!found.has(name)) found.set(name, row);
  }
  return [...found.values()];
}
