import type { Feed } from "../config/pipeline.ts";
import type { CheckPlan } from "../contract/check-plan.ts";
import { derivedText } from "../warehouse/derived-text.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { FORM, hasForms, keyForm } from "../warehouse/key-form.ts";
import { partMeta, SCOPE, stem, workName } from "../warehouse/relations.ts";
import { or } from "../warehouse/sql-text.ts";
import type { LandedRows } from "./landed-keys.ts";
import { moneyColumns } from "./money.ts";
import { payloadText } from "./payloads.ts";
import { isFaulty, isUnconverted, recordBit, scannedMeta, unlessFaulty } from "./record-fault.ts";
import { maskWord, type ScanColumns } from "./row-rules.ts";
import { standardText } from "./text-format.ts";

/** Where a labelled row comes from. */
export const ORIGIN = { batch: 0, held: 1, uniqueOnly: 2 } as const;

/** A feed with its batch, ready to be judged. */
export interface FeedBatch {
  readonly feed: Feed;
  readonly plan: CheckPlan;
  /** Null when the feed was not extracted in this run: only its pool is judged. */
  readonly batchId: string | null;
  /** Extract sequence of the batch's bytes. */
  readonly seq: bigint;
  /** Published rows are held beside the batch value by value, and not by their stored hashes: it is everything that the feed has, or of keys that were asked for. */
  readonly byValue: boolean;
  /** The keys of which the batch has all rows that there are, where keys were asked for: live rows of them may stand more than once. */
  readonly asked: LandedRows | null;
  /** Whether held or only-unique rows wait in the pool of this feed. */
  readonly hasPool: boolean;
  readonly absences: Absences;
  /**
   * Nets read the batch, behind the publication whose sequence its rows have; `underway` are rows that changed since the published horizon,
   * and what hourly runs have read meanwhile. Null for every other batch.
   */
  readonly net: { readonly underway: readonly LandedRows[] } | null;
}

/** Landed rows to be typed: those of a batch, and the waiting ones of its feed where there are any. */
export type Scanned = Pick<FeedBatch, "feed" | "batchId" | "seq" | "hasPool"> & {
  /** The raw relation of the batch, where it is not the feed's own. */
  readonly relation?: string;
  /** Columns that its files do not have: they were landed before the feed had them. */
  readonly lacks?: readonly string[];
};

/** Foreign keys, as bits in the contract's order, whose parents may lack because a feed was left out or is still loading. */
export interface Absences {
  /** The parents' own feed. */
  readonly parents: bigint;
  /** A feed that the parents' rows refer to, directly or through others: parents may wait for it, but are not unknown for it. */
  readonly ancestors: bigint;
}

export const NOTHING_ABSENT: Absences = { parents: 0n, ancestors: 0n };

/** The masks of a row, e.g. `_mask0`. */
export function maskColumn(word: number): string {
  return `_mask${word}`;
}

/** The label table's own columns, before the contract's. */
const LABEL_META = ["_origin", "_pool_row", "_file", "_position", "_seq"] as const;

function labelMeta(feed: Feed): readonly string[] {
  return [...LABEL_META, ...partMeta(feed)];
}

function batchSource(dialect: Dialect, input: Scanned): string {
  const landed = (name: string) => (input.lacks?.includes(name) ? "CAST(NULL AS VARCHAR)" : dialect.identifier(name));
  const names = [...scannedMeta(input.feed), ...input.feed.contract.columns.map((c) => c.name)]
    .map((name) => (input.lacks?.includes(name) ? `${landed(name)} AS ${dialect.identifier(name)}` : landed(name)))
    .join(", ");
  const meta = labelMeta(input.feed).map(dialect.identifier);
  const values = [
    ORIGIN.batch.toString(),
    "CAST(NULL AS VARCHAR)",
    dialect.identifier("_file"),
    landed("_position"),
    input.seq.toString(),
    ...partMeta(input.feed).map(landed),
  ];
  return `SELECT ${values.map((v, i) => `${v} AS ${meta[i]}`).join(", ")}, ${names}
    FROM ${dialect.table("raw", input.relation ?? stem(input.feed))} WHERE ${dialect.identifier("_batch_id")} = ${dialect.literal(input.batchId)}`;
}

function poolSource(dialect: Dialect, feed: Feed): string {
  const names = feed.contract.columns.map(({ name, pii }) => `${payloadText(dialect, name, pii)} AS ${dialect.identifier(name)}`);
  const none = scannedMeta(feed).map((name) => `CAST(NULL AS VARCHAR) AS ${dialect.identifier(name)}`);
  const origin = `CASE WHEN q.kind = 'held' THEN ${ORIGIN.held} ELSE ${ORIGIN.uniqueOnly} END`;
  const meta = labelMeta(feed).map(dialect.identifier);
  const values = [
    origin,
    "q.row_id",
    "NULL",
    "q.position",
    "q.seq",
    ...partMeta(feed).map((name) => (name === SCOPE ? "q.scope" : "q.version")),
  ];
  return `SELECT ${[...values.map((v, i) => `${v} AS ${meta[i]}`), ...none, ...names].join(", ")}
    FROM ${dialect.table("ops", "open_quarantine")} q
    WHERE q.feed = ${dialect.literal(feed.id)} AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))`;
}

function source(dialect: Dialect, input: Scanned): string {
  const parts = [
    ...(input.batchId === null ? [] : [batchSource(dialect, input)]),
    ...(input.hasPool || input.batchId === null ? [poolSource(dialect, input.feed)] : []),
  ];
  return parts.join("\n    UNION ALL\n    ");
}

/** The landed texts, and beside each non-string what a lenient cast makes of it. */
function castColumns(dialect: Dialect, feed: Feed): string[] {
  return feed.contract.columns.flatMap((c) => {
    const text = `s.${dialect.identifier(c.name)}`;
    if (c.type.kind === "string") return [text];
    return [
      `${dialect.tryCast(standardText(dialect, text, c), c.type)} AS ${dialect.identifier(c.name)}`,
      `${text} AS ${dialect.identifier(textColumn(c.name))}`,
    ];
  });
}

/** Contract columns under their own names; a text that is not exactly what its cast stands for has no typed value. */
function typedColumns(dialect: Dialect, feed: Feed): string[] {
  return feed.contract.columns.flatMap((c) => {
    const typed = `x.${dialect.identifier(c.name)}`;
    if (c.type.kind === "string") return [typed];
    const text = `x.${dialect.identifier(textColumn(c.name))}`;
    const named = isUnconverted(dialect, feed, { alias: "x", name: c.name });
    const misread = or([
      dialect.isMisread({ text: standardText(dialect, text, c), typed, type: c.type }),
      ...(named === null ? [] : [named]),
    ]);
    return [`CASE WHEN ${misread} THEN NULL ELSE ${typed} END AS ${dialect.identifier(c.name)}`, text];
  });
}

function textColumn(name: string): string {
  return `_text_${name}`;
}

/** How the label scan names the columns of a feed. */
export function scanColumns(dialect: Dialect, feed: Feed): ScanColumns {
  const columns = new Map(feed.contract.columns.map((c) => [c.name, c]));
  const text = (name: string) => dialect.identifier(columns.get(name)?.type.kind === "string" ? name : textColumn(name));
  return {
    columns,
    typed: (name) => dialect.identifier(name),
    text,
    absent: (name) => `${text(name)} IS NULL`,
    unconverted: (name) => isUnconverted(dialect, feed, { name }),
  };
}

/** The relation the row rules are evaluated over: typed columns and texts of batch and pool. */
export function typedScan(dialect: Dialect, input: Scanned): string {
  const meta = (alias: string) =>
    [...labelMeta(input.feed), ...scannedMeta(input.feed)].map((name) => `${alias}.${dialect.identifier(name)}`);
  return `SELECT ${[...meta("x"), ...typedColumns(dialect, input.feed)].join(", ")}
  FROM (
    SELECT ${[...meta("s"), ...castColumns(dialect, input.feed)].join(", ")}
    FROM (
    ${source(dialect, input)}
    ) s
  ) x`;
}

/** One mask word. A record that could not be read breaks only the rule that says so. */
function labelMask(dialect: Dialect, { feed, plan }: FeedBatch, options: { word: number; scan: ScanColumns }): string {
  const rules = plan.rowRules.filter((b) => b.rule.kind !== "record");
  return unlessFaulty(isFaulty(dialect, feed), {
    faulty: `CAST(${recordBit(plan.rowRules, options.word)} AS BIGINT)`,
    else: maskWord(dialect, rules, options),
  });
}

/** A row's hash over its texts. Records that could not be read have no texts, or few: theirs is over fault and payload too. */
export function labelHash(dialect: Dialect, feed: Feed, text: (name: string) => string): string {
  const texts = feed.contract.columns.map((c) => text(c.name));
  const record = scannedMeta(feed)
    .filter((name) => name !== "_unconverted")
    .map(dialect.identifier);
  return unlessFaulty(isFaulty(dialect, feed), {
    faulty: dialect.rowHash([...texts, ...record]),
    else: dialect.rowHash(texts),
  });
}

/** The hash of a landed row, over its texts in the raw relation: the one that its label has. */
export function landedHash(dialect: Dialect, feed: Feed): string {
  return labelHash(dialect, feed, dialect.identifier);
}

/**
 * The label scan: one statement reads the batch and the waiting rows once and gives every row its typed values, the mask of
 * all row rules it breaks, its hash and its money. Everything after it reads this table and judges no row again.
 */
export function labelScan(dialect: Dialect, input: FeedBatch, currencies: Readonly<Record<string, number>>): Statement {
  const { feed } = input;
  const select = labelSelect(dialect, input, currencies);
  return { name: `label.${feed.id}`, sql: dialect.createWork(workName("label", stem(feed)), select) };
}

/** The SELECT of the label scan, for whoever only looks and may make no table. */
export function labelSelect(dialect: Dialect, input: FeedBatch, currencies: Readonly<Record<string, number>>): string {
  const { feed, plan } = input;
  const scan = scanColumns(dialect, feed);
  const money = moneyColumns(dialect, feed, { text: scan.text, currencies });
  const words = Array.from({ length: plan.words }, (_, word) => word);
  const number = dialect.can.rowNumber;
  const columns = [
    ...(number.select === null ? [] : [`${number.select} AS ${dialect.identifier(number.column)}`]),
    ...labelMeta(feed).map(dialect.identifier),
    ...feed.contract.columns.map((c) => dialect.identifier(c.name)),
    ...words.map((word) => `${labelMask(dialect, input, { word, scan })} AS ${dialect.identifier(maskColumn(word))}`),
    `${labelHash(dialect, feed, scan.text)} AS ${dialect.identifier("_hash")}`,
    ...feed.contract.derived.map((of) => `${derivedText(dialect, of, "t")} AS ${dialect.identifier(of.name)}`),
    ...(hasForms(feed) ? [`${keyForm(dialect, feed, "t")} AS ${dialect.identifier(FORM)}`] : []),
    `${money.unreadable} AS ${dialect.identifier("_unreadable")}`,
    `${money.minor} AS ${dialect.identifier("_minor")}`,
    `${money.currency} AS ${dialect.identifier("_currency")}`,
  ];
  return `SELECT ${columns.join(",\n  ")}\nFROM (\n  ${typedScan(dialect, input)}\n) t`;
}
