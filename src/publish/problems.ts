import { type Problem, problem } from "../kernel/problem.ts";

export function retypedColumn(p: { table: string; column: string; is: string; wanted: string }): Problem {
  return problem({
    code: "publish/retyped-column",
    says: `${p.table}.${p.column} holds ${p.is}, the contract now says ${p.wanted}`,
    next: "give the new type a new column, or take the change back; `ledgerloop contract diff OLD NEW` shows what is breaking",
  });
}

export function removedColumn(p: { column: string }): Problem {
  return problem({
    code: "publish/removed-column",
    says: `${p.column} is published, and the contract does not name it any more (removed or renamed): its readers would find NULL`,
    next: `keep it beside the new one, or accept the loss: \`ledgerloop run --accept-removed ${p.column} --reason "…"\``,
  });
}

export function keyChanged(p: { table: string; was: string; is: string }): Problem {
  return problem({
    code: "publish/key-changed",
    says: `the rows of ${p.table} were published by ${p.was}, the configuration now says ${p.is}: old rows would never be found again`,
    next: "take the change back, or load the new key as a new feed and a new table; `ledgerloop plan` shows what the next run would do",
  });
}

export function notDeployed(p: { pending: readonly string[] }): Problem {
  const [first, ...rest] = p.pending;
  const more = rest.length > 0 ? ` and ${rest.length} more` : "";
  return problem({
    code: "publish/not-deployed",
    says: `the warehouse does not have what the pipeline asks for: ${first}${more}; runs do not create tables here`,
    next: "`ledgerloop warehouse apply`, as somebody who may use the deploying role",
  });
}

export function opsOutdated(p: { found: number; wanted: number }): Problem {
  return problem({
    code: "publish/ops-outdated",
    says: `the warehouse's ops tables are of version ${p.found}, this program writes version ${p.wanted}`,
    next: "`ledgerloop warehouse apply`, as somebody who may use the deploying role",
  });
}

export function notAdditive(p: { statement: string }): Problem {
  return problem({
    code: "publish/not-additive",
    says: `statement ${p.statement} is not one that only adds, and was not sent`,
    next: "`ledgerloop warehouse ddl` prints it; a person with the right to destroy decides about it",
  });
}
