import type { Dialect, Literal, Statement } from "../warehouse/dialect.ts";
import { OPS_TABLES, type OpsRow, type OpsTable, ops, opsColumns } from "../warehouse/ops-tables.ts";

function value(dialect: Dialect, type: string, cell: Literal): string {
  if (cell === null) return "NULL";
  return type === "instant" && typeof cell === "string" ? dialect.timestamp(cell) : dialect.literal(cell);
}

/** INSERT of literal rows into an `ops` table: publication, batches, flow and verdicts are a few hundred small rows. */
export function insertOps<T extends OpsTable>(dialect: Dialect, table: T, rows: readonly OpsRow<T>[]): Statement[] {
  if (rows.length === 0) return [];
  const columns = OPS_TABLES[table];
  const cells = rows as readonly Readonly<Record<string, Literal>>[];
  const values = cells.map((row) => `(${columns.map(([name, type]) => value(dialect, type, row[name] ?? null)).join(", ")})`);
  return [
    { name: `ledger.${table}`, sql: `INSERT INTO ${ops(dialect, table)} (${opsColumns(table)}) VALUES\n${values.join(",\n")}` },
  ];
}
