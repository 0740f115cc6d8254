/** What a spreadsheet takes for the beginning of a formula; the wide forms too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
/** A negative number begins like one and is none. */
const NUMBER = /^-\d+(?:\.\d+)?$/;

/** A text that a spreadsheet shows and does not calculate: `'` stands before what it would take for a formula. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

const SPECIAL = /[",;\t\r\n]/;

/** A cell of RFC 4180 that no spreadsheet calculates: NULL is the bare empty field, an empty text is quoted. */
export function csvCell(value: string | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = withoutFormula(value);
  return text === "" || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
