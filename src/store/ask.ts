import type pg from "pg";

/** Asks one question; the answer's 64-bit integers are text. */
export type Ask = <T extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<T[]>;
