import { NORMALISATIONS, type Normalisation } from "../contract/rule.ts";
import type { Dialect } from "./dialect.ts";

/** Space, tab, newline, carriage return, no-break space. */
const BLANKS = "' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160)";

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
  trim: (_, text) => `TRIM(${text}, ${BLANKS})`,
  casefold: (_, text) => `LOWER(${text})`,
  integral: (dialect, text) => replaced(dialect, text, ["^([+-]?[0-9]+)[.]0+$", "\\1"]),
  leading_zeros: (dialect, text) => replaced(dialect, text, ["^([+-]?)0+([^0]|0$)", "\\1\\2"]),
};

/** A text freed of differences of spelling, always in the order of `NORMALISATIONS`; NULL of NULL. */
export function normalForm(dialect: Dialect, text: string, forms: readonly Normalisation[]): string {
  return NORMALISATIONS.filter((form) => forms.includes(form)).reduce((sql, form) => FREED[form](dialect, sql), text);
}
