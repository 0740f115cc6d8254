import type { ColumnType } from "../contract/contract.ts";
import type { FormatPart, TextFormat } from "../contract/text-format.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { and } from "../warehouse/sql-text.ts";

/** What no type reads: the text of a spelling that its format does not have. */
const UNREADABLE = "''";

function booleanText(dialect: Dialect, text: string, format: Extract<TextFormat, { kind: "boolean" }>): string {
  const oneOf = (texts: readonly string[]) => `${text} IN (${texts.map((t) => dialect.literal(t)).join(", ")})`;
  return `CASE WHEN ${oneOf(format.true)} THEN 't' WHEN ${oneOf(format.false)} THEN 'f' WHEN ${text} IS NOT NULL THEN ${UNREADABLE} END`;
}

interface Placed {
  readonly part: FormatPart;
  readonly from: number;
  readonly length: number;
}

function placed(parts: readonly FormatPart[]): Placed[] {
  let from = 1;
  return parts.map((part) => {
    const { length } = part.field ?? part.text;
    const at = { part, from, length };
    from += length;
    return at;
  });
}

/** Every part has its width, so that a format says at which characters each begins. */
function calendarText(dialect: Dialect, text: string, of: { parts: readonly FormatPart[]; type: ColumnType }): string {
  const all = placed(of.parts);
  const cut = ({ from, length }: Placed) => `SUBSTR(${text}, ${from}, ${length})`;
  const field = (name: string) => {
    const found = all.find(({ part }) => part.field === name);
    return found ? cut(found) : "'00'";
  };
  const between = all.flatMap((at) => (at.part.field === null ? [`${cut(at)} = ${dialect.literal(at.part.text)}`] : []));
  const length = all.reduce((sum, at) => sum + at.length, 0);
  const date = `${field("yyyy")} || '-' || ${field("MM")} || '-' || ${field("dd")}`;
  const time = ` || ' ' || ${field("HH")} || ':' || ${field("mm")} || ':' || ${field("ss")} || '+00'`;
  const standard = of.type.kind === "date" ? date : `${date}${time}`;
  return `CASE WHEN ${and([`LENGTH(${text}) = ${length}`, ...between])} THEN ${standard} WHEN ${text} IS NOT NULL THEN ${UNREADABLE} END`;
}

/**
 * SQL of the text that the type reads, from one that is spelled by a column's format: `t` and `f`, ISO 8601, instants in UTC. A spelling
 * that the format does not have gives a text that no type reads; NULL stays NULL.
 */
export function standardText(
  dialect: Dialect,
  text: string,
  { type, format }: { readonly type: ColumnType; readonly format?: TextFormat },
): string {
  if (format === undefined) return text;
  if (format.kind === "boolean") return booleanText(dialect, text, format);
  return calendarText(dialect, text, { parts: format.parts, type });
}
