import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { AsOf } from "../lineage/as-of.ts";
import type { Answer, TextRow } from "../warehouse/warehouse.ts";

/** A value that has lost nothing. */
type Value = JsonAmount | boolean | null;

/** What `query --as-json` prints. */
export interface QueryAnswer {
  /** In the order of the SELECT; `type` is the engine's name. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly masked: boolean }[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
  /** As of when the feeds and tables are that it reads; null where one of its relations is none of the pipeline's. */
  readonly as_of: AsOf | null;
}

const INTEGER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|NUMBER\(\d+,0\))$/;
const FLOAT = /^(?:FLOAT|DOUBLE|REAL)$/;

function exact(text: string | null, type: string): Value {
  if (text === null) return null;
  if (INTEGER.test(type)) return jsonAmount(BigInt(text));
  if (type === "BOOLEAN") return text.toLowerCase() === "true";
  const number = Number(text);
  return FLOAT.test(type) && Number.isFinite(number) ? number : text;
}

/** A result as one document. @param masked the rows as they may be shown, and the columns in which something is hidden. */
export function queryAnswer(
  { columns }: Answer,
  masked: { rows: readonly TextRow[]; hidden: readonly string[] },
  of: AsOf | null,
): QueryAnswer {
  const shown = columns.map((column) => ({ ...column, masked: masked.hidden.includes(column.name) }));
  const rows = masked.rows.map((row) =>
    Object.fromEntries(shown.map(({ name, type, masked: isText }) => [name, exact(row[name] ?? null, isText ? "" : type)])),
  );
  return { columns: shown, rows, as_of: of };
}
