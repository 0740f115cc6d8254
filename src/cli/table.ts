import type { TextRow } from "../warehouse/warehouse.ts";

/** Aligned columns for people; NULL is shown as an empty cell. */
export function renderTable(rows: readonly TextRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return "(no rows)\n";
  const cells = rows.map((row) => names.map((name) => (row[name] ?? "").replaceAll("\n", "⏎")));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((line) => (line[i] ?? "").length)));
  const line = (values: readonly string[]) =>
    values
      .map((value, i) => value.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[line(names), line(widths.map((w) => "─".repeat(w))), ...cells.map(line)].join("\n")}\n`;
}

/** RFC 4180 with a header; NULL is the bare empty field, an empty text is quoted. */
export function toCsv(rows: readonly TextRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: string | null | undefined) => {
    if (value === null || value === undefined) return "";
    return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return `${[names.map(cell).join(","), ...rows.map((row) => names.map((name) => cell(row[name])).join(","))].join("\n")}\n`;
}
