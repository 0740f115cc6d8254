import { createHash } from "node:crypto";
import type { Column, ColumnType, Contract } from "./contract.ts";

/**
 * What the text of a row's content begins with, on every engine: the scheme, and the contract over whose columns it is taken. Fields
 * follow in the contract's order with `|` between them: a text as its length in octets, `:` and itself, NULL as `:`; any other value as its
 * landed text, which holds no `|`, and NULL as nothing. No other row has the same text. Its MD5 in hex is the row's content hash: it tells
 * rows apart that differ by accident, and proves nothing against somebody who looks for collisions.
 */
export function contentPrefix(contract: Pick<Contract, "id" | "version">): string {
  return `${contentSpec(contract)}|`;
}

/** The form of that text, and the contract that its columns are of. */
export function contentSpec({ id, version }: Pick<Contract, "id" | "version">): string {
  return `LLH2|${id}.v${version}`;
}

/** Whether a column's field has its length before it. */
export function isCounted({ type }: Pick<Column, "type">): boolean {
  return type.kind === "string";
}

/** A value by its landed text, and the content hash of a row that has nothing else. */
export interface ContentVector {
  readonly type: ColumnType;
  readonly text: string | null;
  readonly hash: string;
}

/** The contract of the rows that vectors are. */
export const VECTORS_OF: Pick<Contract, "id" | "version"> = { id: "vectors", version: "1" };

const WHOLE = { kind: "integer", bits: 64 } as const;
const CENTS = { kind: "decimal", precision: 18, scale: 2 } as const;
const INSTANT = { kind: "timestamp" } as const;

/** Where engines and encoders have been found to differ: lengths, extremes, signs, zeros, eras, fractions, NULL beside the empty text. */
const VALUES: readonly (readonly [type: ColumnType, texts: readonly (string | null)[]])[] = [
  [
    { kind: "string" },
    [
      null,
      "",
      "-",
      "a|b",
      "1:a|-",
      "ab  ",
      "«é»",
      "\u00e9",
      "e\u0301",
      "\\N",
      "NULL",
      "👩‍💻",
      "line\r\nbreak\t\"quoted\" 'text'",
      "back\\slash",
      "ß".repeat(5000),
    ],
  ],
  [WHOLE, [null, "0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"]],
  [{ kind: "integer", bits: 16 }, ["32767", "-32768"]],
  [{ kind: "integer", bits: 32 }, ["2147483647", "-2147483648"]],
  [CENTS, [null, "0.00", "-0.01", "1.50", "9999999999999999.99", "-9999999999999999.99"]],
  [{ kind: "decimal", precision: 38, scale: 0 }, ["99999999999999999999999999999999999999"]],
  [{ kind: "decimal", precision: 24, scale: 12 }, ["0.000000000001", "-1.500000000000"]],
  [{ kind: "boolean" }, [null, "t", "f"]],
  [{ kind: "date" }, [null, "0001-01-01", "1582-10-10", "1970-01-01", "2024-02-29", "9999-12-31"]],
  [
    INSTANT,
    [
      ...[
        null,
        "0001-01-01 00:00:00+00",
        "1582-10-10 00:00:00+00",
        "1969-12-31 23:59:59.999999+00",
        "1970-01-01 00:00:00+00",
        "1970-01-01 00:00:00.000001+00",
      ],
      ...["2026-10-25 01:30:00.5+00", "2026-10-25 01:30:00.123+00", "9999-12-31 23:59:59.999999+00"],
    ],
  ],
];

/** A field as this program writes it, beside which engines are held. */
function fieldOf(type: ColumnType, text: string | null): string {
  if (!isCounted({ type })) return text ?? "";
  return text === null ? ":" : `${Buffer.byteLength(text)}:${text}`;
}

/** Values whose content hash every side of a comparison must give before it compares anything. */
export const CONTENT_VECTORS: readonly ContentVector[] = VALUES.flatMap(([type, texts]) =>
  texts.map((text) => {
    const row = `${contentPrefix(VECTORS_OF)}${fieldOf(type, text)}`;
    return { type, text, hash: createHash("md5").update(row).digest("hex") };
  }),
);

/** Indices of vectors, in words. */
export function vectorWords(indices: readonly number[]): string {
  return indices
    .map((i) => `${CONTENT_VECTORS[i]?.type.kind} ${JSON.stringify(CONTENT_VECTORS[i]?.text)?.slice(0, 40)}`)
    .join(", ");
}
