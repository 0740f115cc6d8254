import { z } from "zod";
import type { Feed } from "../../../src/config/pipeline.ts";
import type { ControlTotal, SourceColumn } from "../../../src/sources/source.ts";

const CELL = z.union([z.string(), z.number(), z.null()]);
const FILE = z.strictObject({
  /** The sender's own count. */
  count: z.int(),
  rows: z.array(z.record(z.string(), CELL)),
  deleted: z.array(z.strictObject({ id: z.int(), stamp: z.int() })).default([]),
});

/** The content of one file. */
export type JsonFile = z.output<typeof FILE>;

/** Reads a file's text. */
export const parseFile = (text: string): JsonFile => FILE.parse(JSON.parse(text));

/** The types that a feed's values have in JSON, over all its files. */
export function columnsOf(files: readonly JsonFile[]): SourceColumn[] {
  const types = new Map<string, Set<string>>();
  for (const row of files.flatMap((file) => file.rows)) {
    for (const [name, value] of Object.entries(row)) {
      types.set(name, (types.get(name) ?? new Set()).add(value === null ? "null" : typeof value));
    }
  }
  return [...types].map(([name, found]) => {
    const known = [...found].filter((type) => type !== "null").sort();
    return { name, type: known.join(" or ") || "string", nullable: found.has("null") };
  });
}

/** Counted from the parsed values, not from the text that is landed. */
export function totalsOf({ money }: Feed, files: readonly JsonFile[]): ControlTotal[] {
  const totals = new Map<string, { rows: bigint; minor: bigint }>();
  for (const row of files.flatMap((file) => file.rows)) {
    const currency = money?.currency === undefined ? "-" : String(row[money.currency] ?? "-");
    const sum = totals.get(currency) ?? { rows: 0n, minor: 0n };
    const minor = money ? BigInt(row[money.amount] ?? 0) : 0n;
    totals.set(currency, { rows: sum.rows + 1n, minor: sum.minor + minor });
  }
  return [...totals].map(([currency, { rows, minor }]) => ({
    currency,
    rows: rows.toString(),
    minor: minor.toString(),
    unreadable: "0",
  }));
}
