import { type Problem, problem } from "../kernel/problem.ts";

export function storeBusy(code: string, says: string): Problem {
  return problem({
    code: "store.busy",
    says: `The control store broke an operation off: ${says} (SQLSTATE ${code}).`,
    next: "repeat the same command",
  });
}

export function storeRefused(code: string, says: string): Problem {
  return problem({
    code: "store.refused",
    says: `The control store refuses this login, database or right: ${says} (SQLSTATE ${code}).`,
    next: "correct control_store.url in pipeline.yaml, then `ledgerloop doctor`",
  });
}

/** A limit of the server ends the same way until somebody raises it. */
export function storeLimit(code: string, says: string): Problem {
  return problem({
    code: "store.limit",
    says: `The control store broke an operation off: ${says} (SQLSTATE ${code}).`,
    next: "raise that limit at the control store's server, then repeat the same command",
  });
}

export function storeFailed(code: string, says: string): Problem {
  return problem({
    code: "store.failed",
    says: `The control store refused an operation: ${says} (SQLSTATE ${code}).`,
    next: "`ledgerloop doctor`",
  });
}

export function schemaOlder(found: number, needed: number): Problem {
  return problem({
    code: "store.schema_older",
    says: `The control store has schema ${found}, this version needs ${needed}.`,
    next: "`ledgerloop up`",
  });
}

export function schemaNewer(found: number, known: number): Problem {
  return problem({
    code: "store.schema_newer",
    says: `The control store has schema ${found}, this version knows ${known}: a newer ledgerloop has used it.`,
    next: "install that version, then `ledgerloop up`",
  });
}

export function migrationChanged(name: string): Problem {
  return problem({
    code: "store.migration_changed",
    says: `The migration ${name} was applied to the control store with another text than it has now.`,
    next: "install the version that was used before, then `ledgerloop doctor`",
  });
}

export function migrationFailed(name: string, code: string): Problem {
  return problem({
    code: "store.migration_failed",
    says: `The migration ${name} failed (SQLSTATE ${code}); the control store is as it was before it.`,
    next: "`ledgerloop doctor`",
  });
}

export function dumpNewer(found: number, known: number): Problem {
  return problem({
    code: "store.dump_newer",
    says: `The backup's control store has schema ${found}, this version knows ${known}: a newer ledgerloop made it.`,
    next: "install that version, then repeat `ledgerloop restore`",
  });
}
