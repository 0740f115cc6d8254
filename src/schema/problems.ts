import { type Problem, problem } from "../kernel/problem.ts";

export function retypedColumn(p: { table: string; column: string; is: string; wanted: string }): Problem {
  return problem({
    code: "schema.retyped_column",
    says: `${p.table}.${p.column} holds ${p.is}, the contract now says ${p.wanted}`,
    next: "give the new type a new column, or take the change back; `ledgerloop contract diff OLD NEW` shows what is breaking",
  });
}

/** `option` is ` --group NAME` where the command needs it. */
export function removedColumn(p: { column: string; option: string }): Problem {
  return problem({
    code: "schema.removed_column",
    says: `${p.column} is published, and the contract does not name it any more (removed or renamed): its readers would find NULL`,
    next: `keep it beside the new one, or accept the loss: \`ledgerloop run${p.option} --accept-removed ${p.column} --reason "…"\``,
  });
}

export function keyChanged(p: { table: string; was: string; is: string }): Problem {
  return problem({
    code: "schema.key_changed",
    says: `the rows of ${p.table} were published by ${p.was}, the configuration now says ${p.is}: old rows would never be found again`,
    next: "take the change back, or load the new key as a new feed and a new table; `ledgerloop plan` shows what the next run would do",
  });
}

export function derivedChanged(p: { table: string; column: string; was: string; is: string | null }): Problem {
  const now =
    p.is === null ? "the contract does not name it any more: later rows would have none" : `the contract now says ${p.is}`;
  return problem({
    code: "schema.derived_changed",
    says: `${p.table}.${p.column} of published rows is made as ${p.was}, and ${now}`,
    next: "take the change back; where another one is needed, give it another name beside this one",
  });
}

export function notDeployed(p: { pending: readonly string[] }): Problem {
  const [first, ...rest] = p.pending;
  const more = rest.length > 0 ? ` and ${rest.length} more` : "";
  return problem({
    code: "schema.not_deployed",
    says: `the warehouse does not have what the pipeline asks for: ${first}${more}; runs do not create tables here`,
    next: "`ledgerloop warehouse apply`, as somebody who may use the deploying role",
  });
}

export function opsOutdated(p: { found: number; wanted: number }): Problem {
  return problem({
    code: "schema.ops_outdated",
    says: `the warehouse's ops tables are of version ${p.found}, this program writes version ${p.wanted}`,
    next: "`ledgerloop warehouse apply`, as somebody who may use the deploying role",
  });
}

export function notAdditive(p: { statement: string }): Problem {
  return problem({
    code: "schema.not_additive",
    says: `statement ${p.statement} is not one that only adds, and was not sent`,
    next: "`ledgerloop warehouse ddl` prints it; a person with the right to destroy decides about it",
  });
}

/** The command that gives a feed's published rows another name. */
const renameCommand = (feed: string, was: string) => `\`ledgerloop feed rename ${feed} --was ${was} --reason "…"\``;

/** `renamed`: feeds of the configuration that may be this one under another name. */
export function feedGone(p: {
  feed: string;
  rows: bigint;
  waiting: bigint;
  elsewhere: string | undefined;
  renamed: readonly string[];
}): Problem {
  const waiting = p.waiting > 0n ? ` and ${p.waiting} waiting ones` : "";
  const commands = p.renamed.map((feed) => renameCommand(feed, p.feed));
  const renamed =
    commands.length === 0
      ? ""
      : `where it only has another name now, ${commands.join(" or ")} keeps its rows, and models that read it count as unchanged; else `;
  const has = `feed ${p.feed} has ${p.rows} published rows${waiting} in this group`;
  return problem({
    code: "schema.feed_gone",
    says:
      p.elsewhere === undefined
        ? `${has} and is not in the configuration any more`
        : `${has}, and the configuration has it in group ${p.elsewhere} now; published rows do not move from group to group`,
    next:
      p.elsewhere === undefined
        ? `${renamed}bring it back, or leave its rows where they are: \`ledgerloop feed retire ${p.feed} --reason "…"\``
        : "put it back into this group; `ledgerloop contract lint` shows the groups",
  });
}

export function tableGone(p: { table: string }): Problem {
  return problem({
    code: "schema.table_gone",
    says: `curated.${p.table} is published, and no model of the configuration makes it any more: its rows would stay as they are`,
    next: `bring the model back, or leave its rows where they are: \`ledgerloop table retire ${p.table} --reason "…"\``,
  });
}

export function feedRetired(p: { feed: string; whole: string }): Problem {
  return problem({
    code: "schema.feed_retired",
    says: `feed ${p.feed} is retired and stands in the configuration: what changed at its source meanwhile has not been looked for`,
    next: `\`${p.whole}\` reads it whole and takes it back; \`ledgerloop feed return ${p.feed} --reason "…"\` goes on from its last cursor`,
  });
}

export function tableRetired(p: { table: string }): Problem {
  return problem({
    code: "schema.table_retired",
    says: `curated.${p.table} is retired, and a model makes it: what its source rows became meanwhile has not reached it`,
    next: `give the table another name, or take it back as it is: \`ledgerloop table return ${p.table} --reason "…"\``,
  });
}

export function feedRenamed(p: { feed: string; to: string; publicationId: string; retired: boolean }): Problem {
  const back = p.retired ? `configure ${p.to}, \`ledgerloop feed return ${p.to} --reason "…"\`, then ` : "";
  return problem({
    code: "schema.feed_renamed",
    says: `feed ${p.feed} stands in the configuration, and its published rows are those of ${p.to} since ${p.publicationId}: the name is taken`,
    next: `give the feed another name; where ${p.to} is to be called so again, ${back}take ${p.to} out of the configuration and ${renameCommand(p.feed, p.to)}`,
  });
}

export function renameUnfit(p: { feed: string; was: string; what: string }): Problem {
  return problem({
    code: "schema.rename_unfit",
    says: `the rows of ${p.was} do not fit ${p.feed}: ${p.what}`,
    next: `declare ${p.feed} as ${p.was} was and change it after the rename, or \`ledgerloop feed retire ${p.was} --reason "…"\` and read it whole under its new name`,
  });
}
