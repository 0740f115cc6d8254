import { NORMALISATIONS, type Normalisation } from "../contract/rule.ts";
import type { Dialect } from "./dialect.ts";
import { or } from "./sql-text.ts";

/** Space, tab, newline, carriage return, no-break space. */
const BLANKS = ["' '", "CHR(9)", "CHR(10)", "CHR(13)", "CHR(160)"];

function replaced(dialect: Dialect, text: string, [pattern, kept]: readonly [pattern: string, kept: string]): string {
  return `REGEXP_REPLACE(${text}, ${dialect.literal(pattern)}, ${dialect.literal(kept)})`;
}

/** @throws Error where the engine cannot compose characters: a pipeline that asks for it is refused when it is loaded. */
function composed({ can, name }: Dialect, text: string): string {
  if (can.nfc === null) throw new Error(`${name} has no function for nfc`);
  return `${can.nfc}(${text})`;
}

const FREED: Readonly<Record<Normalisation, (dialect: Dialect, text: string) => string>> = {
  nfc: composed,
  trim: (_, text) => `TRIM(${text}, ${BLANKS.join(" || ")})`,
  casefold: (_, text) => `LOWER(${text})`,
  integral: (dialect, text) => replaced(dialect, text, ["^([+-]?[0-9]+)[.]0+$", "\\1"]),
  leading_zeros: (dialect, text) => replaced(dialect, text, ["^([+-]?)0+([^0]|0$)", "\\1\\2"]),
};

/** What a text is like at least that the dearer forms change, before any form: what NFC and LOWER give has none of it that was not there. */
const CHANGED: Readonly<Partial<Record<Normalisation, readonly string[]>>> = {
  trim: BLANKS.map((blank) => `'%' || ${blank} || '%'`),
  integral: ["'%.0%'"],
  leading_zeros: ["'0%'", "'+0%'", "'-0%'"],
};

/**
 * A text freed of differences of spelling, always in the order of `NORMALISATIONS`; NULL of NULL. Texts that TRIM and the patterns leave as they are
 * go by them: 7.5 M keys of 15 letters and digits take DuckDB 1.5.5 0.2 s so, and 1.1 s otherwise, half of it TRIM.
 */
export function normalForm(dialect: Dialect, text: string, forms: readonly Normalisation[]): string {
  const asked = NORMALISATIONS.filter((form) => forms.includes(form));
  const freed = (by: readonly Normalisation[]) => by.reduce((sql, form) => FREED[form](dialect, sql), text);
  const changed = asked.flatMap((form) => CHANGED[form] ?? []).map((pattern) => `${text} LIKE ${pattern}`);
  if (changed.length === 0) return freed(asked);
  return `CASE WHEN ${or(changed)} THEN ${freed(asked)} ELSE ${freed(asked.filter((form) => !CHANGED[form]))} END`;
}
