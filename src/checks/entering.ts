import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { workTable } from "../warehouse/relations.ts";
import { rowNumber } from "./match.ts";

/**
 * True for a label row `alias` that enters staging: it has no verdict row, or one of class inserted or updated. Written as an
 * anti join: behind LEFT JOIN and COALESCE DuckDB expects few rows and inserts them one thread at a time, compressing at COMMIT.
 */
export function entersStaging(dialect: Dialect, feed: Feed, alias: string): string {
  return `NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "verdict", feed)} v WHERE v._row = ${rowNumber(dialect, alias)} AND v._class NOT IN ('inserted', 'updated'))`;
}
