import { stripVTControlCharacters } from "node:util";
import { csvCell } from "../kernel/csv-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

const NUMBER = /^-?\d[\d.,]*$/;

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => NUMBER.test(stripVTControlCharacters(cell)));
}

/** A value on one line. Control characters must not steer the terminal; colours that a command itself put there stay. */
export function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return value.replaceAll(/\r?\n/g, "⏎").replaceAll(/[\x00-\x1a\x1c-\x1f\x7f]|\x1b(?!\[\d*m)/g, "·");
}

/** Characters of a sentence in a table. */
const WIDEST = 90;

/** A sentence as a cell that does not push the others out of sight. */
export function shortened(text: string | null): string | null {
  return text === null || text.length <= WIDEST ? text : `${text.slice(0, WIDEST)}…`;
}

/** Aligned columns for people, numbers to the right; NULL is shown as an empty cell. */
export function renderTable(rows: readonly TextRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return "(no rows)\n";
  const cells = rows.map((row) => names.map((name) => oneLine(row[name] ?? "")));
  const shown = (text: string) => [...stripVTControlCharacters(text)].length;
  const widths = names.map((name, i) => Math.max(shown(name), ...cells.map((line) => shown(line[i] ?? ""))));
  const right = names.map((_, i) => isNumeric(cells.map((line) => line[i] ?? "")));
  const cell = (value: string, i: number) => {
    const space = " ".repeat((widths[i] ?? 0) - shown(value));
    return right[i] ? space + value : value + space;
  };
  const line = (values: readonly string[]) => values.map(cell).join("  ").trimEnd();
  return `${[line(names), widths.map((w) => "─".repeat(w)).join("  "), ...cells.map(line)].join("\n")}\n`;
}

/** RFC 4180 with a header, which a list without a row has where its columns are given; NULL is the bare empty field, an empty text is quoted, and no cell is a formula. */
export function toCsv(rows: readonly TextRow[], names: readonly string[] = Object.keys(rows[0] ?? {})): string {
  const lines = [names.map(csvCell), ...rows.map((row) => names.map((name) => csvCell(row[name])))];
  return `${lines.map((cells) => cells.join(",")).join("\n")}\n`;
}
