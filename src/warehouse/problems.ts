import { type Problem, problem } from "../kernel/problem.ts";

/** Another process holds the warehouse file; one of another host may be long gone, which cannot be seen from here. */
export function warehouseBusy(p: { path: string; holder: string; waitedMs: number; elsewhere?: boolean }): Problem {
  const wait = "wait for that step to end and run the same command again, or look at it with `ledgerloop runs`";
  return problem({
    code: "warehouse.busy",
    says: `the warehouse ${p.path} is held by ${p.holder}; waited ${Math.round(p.waitedMs / 1000)} s`,
    next: p.elsewhere ? `${wait}; if that machine or container is gone for good, \`rm ${p.path}.lock\`` : wait,
  });
}

export function warehouseMissing(p: { path: string }): Problem {
  return problem({
    code: "warehouse.missing",
    says: `there is no warehouse at ${p.path} yet`,
    next: "load something first: `ledgerloop up`, then `ledgerloop run`",
  });
}

/** The engine's own words; they name no row. */
export function warehouseUnreadable(p: { path: string; reason: string }): Problem {
  return problem({
    code: "warehouse.unreadable",
    says: `the warehouse ${p.path} cannot be opened: ${p.reason}`,
    next: "look at the disk; where the file is damaged put a backup in its place: ledgerloop restore FOLDER --force --reason …",
  });
}

/** Something else wrote a write-ahead log; replaying it could tear a publication. */
export function foreignWal(p: { path: string }): Problem {
  return problem({
    code: "warehouse.foreign_wal",
    says: `${p.path}.wal holds data, but this product never writes any there: another program wrote to the warehouse`,
    next: `keep a copy of ${p.path} and ${p.path}.wal, find out who opened the file, then move the .wal away and run \`ledgerloop doctor\``,
  });
}

export function warehouseOpenTwice(p: { path: string; purpose: string }): Problem {
  return problem({
    code: "warehouse.open_twice",
    says: `this process has ${p.path} open already for ${p.purpose}; a second instance would drop its lock`,
    next: "close the first session before opening another",
  });
}

export function statementFailed(p: { statement: string; reason: string }): Problem {
  return problem({
    code: "warehouse.statement_failed",
    says: `statement ${p.statement} failed: ${p.reason}`,
    next: "nothing was published by it; run the same command again, or look with `ledgerloop doctor`",
  });
}

export function notCompacted(p: { path: string; reason: string }): Problem {
  return problem({
    code: "warehouse.not_compacted",
    says: `${p.path} could not be copied to be compacted: ${p.reason.split("\n")[0] ?? ""}; the file was left as it is`,
    next: "make room on the disk or in memory, then `ledgerloop clean` again; what else it removes is removed",
  });
}

export function compactionDiffers(p: { path: string }): Problem {
  return problem({
    code: "warehouse.compaction_differs",
    says: `the compacted copy of ${p.path} does not hold what the file holds; the file was left as it is`,
    next: "keep the file and `ledgerloop backup` it; then `ledgerloop doctor`",
  });
}

/** Snowflake would commit what stands before it. */
export function notInTransaction(p: { statement: string; found: string }): Problem {
  return problem({
    code: "warehouse.not_in_transaction",
    says: `statement ${p.statement} (${p.found}) was refused: a transaction holds single DML statements and queries only`,
    next: "nothing was sent; this is a fault of the program: `ledgerloop --version` and the statement's name belong in its report",
  });
}

/** A row that no engine of ours loads; its position leads to it at the source or in the landed file. */
export function rowTooLong(p: {
  feed: string;
  column: string;
  position: string | null;
  bytes: number;
  textBytes: number;
  limit: string;
  file: string;
}): Problem {
  const row = p.position === null ? `a row in ${p.file}` : `the row at ${p.position} (${p.file})`;
  return problem({
    code: "warehouse.row_too_long",
    says: `feed ${p.feed}: ${row} has ${p.bytes} bytes, ${p.textBytes} of them in the column ${p.column}; ${p.limit} are loaded`,
    next: `shorten it at the source, or take ${p.column} out of the feed's contract, then \`ledgerloop run\`: docs/limits.md`,
  });
}

/** Repeated, it would end the same way. */
export function memoryUsedUp(p: { statement: string; reason: string }): Problem {
  return problem({
    code: "warehouse.memory",
    says: `statement ${p.statement} needs more than the warehouse's memory_limit: ${p.reason}`,
    next: "raise memory_limit of the warehouse in pipeline.yaml (what long texts and large tables need: docs/limits.md), then run it again",
  });
}
