import fc from "fast-check";
import {
  type FileSpec,
  LAYOUT_DEFAULTS,
  type Layout,
  type LayoutColumn,
  type TargetColumn,
} from "../../../src/sources/csv/scan/layout.ts";

/** A file as its sender meant it and as it came, with the layout that both agreed to. */
export interface MutatedFile {
  readonly spec: FileSpec;
  readonly bytes: Buffer;
  /** Lengths of the pieces in which it comes. */
  readonly pieces: readonly number[];
}

/** The contract of all files here. */
export const COLUMNS: readonly TargetColumn[] = [
  { name: "id", type: { kind: "string" } },
  { name: "note", type: { kind: "string" } },
  { name: "amount", type: { kind: "decimal", precision: 12, scale: 2 } },
  { name: "day", type: { kind: "date" } },
  { name: "partner", type: { kind: "string" } },
];

const PLAIN: readonly LayoutColumn[] = [
  { header: "i", column: "id" },
  { header: "n", column: "note" },
  { header: "a", column: "amount" },
  { header: "d", column: "day" },
];

/** As in Germany and by a mainframe: `1.234,56-`, `11.05.2026`. */
const GERMAN = PLAIN.map(
  (column): LayoutColumn => ({
    ...column,
    ...(column.column === "amount" ? ({ decimal: ",", thousands: ".", sign: "trailing" } as const) : {}),
    ...(column.column === "day" ? { dates: ["dd.MM.yyyy", "yyyy-MM-dd"] } : {}),
  }),
);

const often = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(usual, ...others) });

const marks = fc
  .record({
    delimiter: often(",", ";", "\t", "|"),
    quote: often<string | null>('"', "'", null),
    mark: often<"quote" | "backslash">("quote", "backslash"),
  })
  .map(({ delimiter, quote, mark }) => ({
    delimiter,
    quote,
    escape: quote === null || mark === "quote" ? quote : "\\",
  }));

const layout: fc.Arbitrary<Layout> = fc
  .record({
    marks,
    encoding: often<Layout["encoding"]>("utf-8", "latin-1", "windows-1252", "utf-16le", "utf-16be", "utf-16"),
    lineEnd: often<Layout["lineEnd"]>("any", "lf", "crlf", "cr"),
    multiline: fc.boolean(),
    header: often(true, false),
    skipLines: often(0, 1, 2),
    preamble: fc.boolean(),
    footer: often<"none" | "count" | "sum">("none", "count", "sum"),
    nulls: often<readonly string[]>([""], ["", "NULL"], ["-"], []),
    quotedNulls: often(false, true),
    trim: often(false, true),
    trailingDelimiter: often(false, true),
    columns: fc.constantFrom(PLAIN, GERMAN),
    maxRecordBytes: often(1024, 18, 31, 32, 63),
    fileBadShare: often(1, 0.1),
  })
  .map(({ marks: chosen, preamble, footer, ...rest }) => {
    const { delimiter } = chosen;
    const sum = footer === "sum" ? `[${delimiter}](?<sum>.*)` : "";
    return {
      ...{ ...LAYOUT_DEFAULTS, name: "mutated", constants: { partner: 'fix, "1"' } },
      ...{ ...rest, ...chosen },
      ...(preamble && rest.skipLines > 0 ? { preamble: "# .*" } : {}),
      ...(footer === "none" ? {} : { footer: `END[${delimiter}](?<count>\\d+)${sum}` }),
    };
  });

/** Texts made of what layouts give a meaning to. */
const NASTY = ["", " ", '"', "'", "\\", ",", ";", "|", "\t", "\n", "\r", "\r\n", "a", "0", "-", "ü", "€", "NULL", "🧾"];
const NOTE = fc.string({ unit: fc.constantFrom(...NASTY), maxLength: 8 });
const AMOUNT = fc.constantFrom("1", "-2.50", "1234.5", "0.07", "12.345", "1,234.50", "1.234,56", "7,5-", "", "NULL", "x", "007");
const DAY = fc.constantFrom("2026-05-11", "11.05.2026", "2026-02-30", "", "NULL", "46153");
const RECORD = fc.record({ id: fc.nat(999), note: NOTE, amount: AMOUNT, day: DAY, isQuoted: fc.boolean() });
type Written = typeof RECORD extends fc.Arbitrary<infer R> ? R : never;

const LINE_ENDS = { any: ["\n", "\r\n", "\r"], lf: ["\n"], crlf: ["\r\n"], cr: ["\r"] } as const;

function written(text: string, isQuoted: boolean, { delimiter, quote, escape: mark, trim }: Layout): string {
  const needsQuotes = isQuoted || [delimiter, "\n", "\r", quote, trim ? " " : null].some((one) => one && text.includes(one));
  if (quote === null || mark === null || !needsQuotes) return text;
  const escaped = mark === quote ? text : text.replaceAll(mark, mark + mark);
  return quote + escaped.replaceAll(quote, mark + quote) + quote;
}

function cents(amount: string): bigint {
  const [, sign, whole, places = ""] = /^(-?)(\d+)(?:\.(\d\d?))?$/.exec(amount) ?? [];
  return whole === undefined ? 0n : BigInt(`${sign}${whole}${places.padEnd(2, "0")}`);
}

function linesOf(records: readonly Written[], layout: Layout): string[] {
  const line = (cells: readonly string[], isQuoted: boolean) =>
    cells.map((cell) => written(cell, isQuoted, layout)).join(layout.delimiter) +
    (layout.trailingDelimiter ? layout.delimiter : "");
  const lines = records.map(({ id, note, amount, day, isQuoted }) => line([String(id), note, amount, day], isQuoted));
  const skipped = Array.from({ length: layout.skipLines }, (_, i) => `# ${i}`);
  const header = layout.header
    ? [
        line(
          layout.columns.map(({ header }) => header),
          false,
        ),
      ]
    : [];
  const sum = records
    .reduce((all, { amount }) => all + cents(amount), 0n)
    .toString()
    .padStart(3, "0");
  const total = layout.footer?.includes("sum") ? `${layout.delimiter}${sum.slice(0, -2)}.${sum.slice(-2)}` : "";
  const footer = layout.footer === undefined ? [] : [`END${layout.delimiter}${lines.length}${total}`];
  return [...skipped, ...header, ...lines, ...footer];
}

/** A text in an encoding; what that does not have becomes `?`. */
export function encoded(text: string, encoding: Layout["encoding"]): Buffer {
  if (encoding === "utf-8") return Buffer.from(text);
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  if (encoding === "utf-16") return Buffer.from(`\ufeff${text}`, "utf16le");
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  const inOneByte = encoding === "windows-1252" ? text.replaceAll("€", "\x80") : text;
  return Buffer.from(Array.from(inOneByte, (character) => (character <= "\xff" ? character : "?")).join(""), "latin1");
}

/** One thing that goes wrong with bytes; places are shares of the whole, most of them behind the header. */
const MUTATION = fc.record({
  at: fc.nat(9999).map((nth) => Math.sqrt(nth / 9999)),
  does: fc.constantFrom("flip", "cut", "insert", "insert"),
  length: fc.constantFrom(1, 1, 2, 7),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 0xff, 0x81)),
  text: fc.constantFrom(
    '"',
    "'",
    ",",
    ";",
    "|",
    "\t",
    "\n",
    "\r",
    "\n\n",
    "\0",
    "\\",
    " ",
    "ü",
    "\n\n\na,b\nc,d\n",
    "\ni,n,a,d\n",
  ),
  isRaw: fc.boolean(),
});
type Mutation = typeof MUTATION extends fc.Arbitrary<infer M> ? M : never;

function mutated(bytes: Buffer, { at, does, length, byte, text, isRaw }: Mutation, { encoding }: Layout): Buffer {
  const unit = encoding.startsWith("utf-16") && !isRaw ? 2 : 1;
  const from = Math.floor((at * bytes.length) / unit) * unit;
  if (does === "insert") {
    const inserted = isRaw ? Buffer.from([byte]) : encoded(text, encoding === "utf-16" ? "utf-16le" : encoding);
    return Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(from)]);
  }
  if (does === "cut") return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length * unit)]);
  const flipped = Buffer.from(bytes);
  if (from < bytes.length) flipped[from] = byte;
  return flipped;
}

/** Files that were written well and then went wrong in up to six places. */
export const mutatedFile: fc.Arbitrary<MutatedFile> = fc
  .record({
    layout,
    records: fc.array(RECORD, { maxLength: 24 }),
    ends: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
    hasLastEnd: fc.boolean(),
    mutations: fc.array(MUTATION, { maxLength: 6 }),
    pieces: fc.oneof(fc.constant([1]), fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 5 })),
  })
  .map(({ layout: chosen, records, ends, hasLastEnd, mutations, pieces }) => {
    const lineEnds = LINE_ENDS[chosen.lineEnd];
    const lines = linesOf(records, chosen);
    const end = (i: number) => lineEnds[(ends[i % ends.length] ?? 0) % lineEnds.length] ?? "";
    const text = lines.map((line, i) => line + (i < lines.length - 1 || hasLastEnd ? end(i) : "")).join("");
    const bytes = mutations.reduce((all, one) => mutated(all, one, chosen), encoded(text, chosen.encoding));
    return { spec: { layout: chosen, columns: COLUMNS, packing: null, scope: null, amount: "amount" }, bytes, pieces };
  });
