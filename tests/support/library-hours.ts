import type { Hour, Row } from "./desk.ts";

/** Three branches that have one book. */
export const BOOKS: readonly Row[] = ["NORTH", "SOUTH", "EAST"].map((branch) => ({
  branch_code: branch,
  isbn: "9780000000001",
  title: "t",
  copies: 1,
  acquired_on: null,
  on_loan: "f",
  revision: 1,
}));

/** A loan of the book. */
export function loanOf({ id, ...of }: { id: number; branch_code: string; state: string; returned_on: string | null }): Row {
  return {
    row_no: id,
    loan_code: `L-${id}`,
    isbn: "9780000000001",
    reader_name: "r",
    fine: null,
    fine_currency: null,
    lent_on: "2026-11-02",
    changed_at: "2026-11-02 10:00:00+00",
    ...of,
  };
}

/** A loan moves from one branch to another: a table that counts by branch is touched by its old value and its new one. */
export const LIBRARY_HOURS: readonly Hour[] = ["NORTH", "SOUTH"].map((branch_code) => ({
  rows: { "catalog.books": BOOKS, "catalog.loans": [loanOf({ id: 1, branch_code, state: "lent", returned_on: null })] },
}));
