import { nearest } from "../kernel/nearest.ts";
import { type Problem, problem } from "../kernel/problem.ts";
import { shellWord } from "../kernel/shell-word.ts";
import type { FeedPart } from "../sources/source.ts";

export function expiredWithoutReason(): Problem {
  return problem({
    code: "upkeep.reason",
    says: "evidence beyond its retention is only removed by a recorded decision",
    next: '`ledgerloop clean --expired --reason "…"`, with --ticket where there is one',
  });
}

/** What brings landed bytes back that are not what was published. */
export const BRING_BACK =
  "bring the object back from a backup or from the bucket's earlier versions, then `ledgerloop doctor --deep`";

export function manifestGone(key: string): Problem {
  return problem({ code: "upkeep.manifest_gone", says: `the manifest ${key} is gone before its time`, next: BRING_BACK });
}

export function manifestChanged(key: string): Problem {
  return problem({
    code: "upkeep.manifest_changed",
    says: `${key} is not the manifest that was published: its text gives another batch id`,
    next: BRING_BACK,
  });
}

export function folderTaken(folder: string): Problem {
  return problem({
    code: "upkeep.folder_taken",
    says: `${folder} exists already and is not empty`,
    next: "name a folder that does not exist yet: `ledgerloop backup FOLDER`",
  });
}

export function notABackup(folder: string, why: string): Problem {
  return problem({
    code: "upkeep.not_a_backup",
    says: `${folder} is no complete backup: ${why}`,
    next: "`ledgerloop restore FOLDER` with a folder that `ledgerloop backup` has finished",
  });
}

export function backupNewer(schema: number): Problem {
  return problem({
    code: "upkeep.backup_newer",
    says: `a newer version of ledgerloop made this backup (schema ${schema})`,
    next: "install that version, then repeat `ledgerloop restore`",
  });
}

export function backupDamaged(file: string, why: string): Problem {
  return problem({
    code: "upkeep.backup_damaged",
    says: `${file} in the backup ${why}; nothing was restored`,
    next: "restore another backup; this one is not what was written",
  });
}

export function backupOfOther(wanted: string, found: string): Problem {
  return problem({
    code: "upkeep.backup_of_other",
    says: `the backup is of the pipeline ${found}, this one is ${wanted}`,
    next: "--pipeline with the folder that the backup was made of",
  });
}

export function stateNotEmpty(what: readonly string[]): Problem {
  return problem({
    code: "upkeep.state_not_empty",
    says: `this state is not empty: ${what.join(", ")}`,
    next: '`ledgerloop restore FOLDER --force --reason "…"` replaces it and keeps what it replaces beside it',
  });
}

export function forceWithoutReason(): Problem {
  return problem({
    code: "upkeep.reason",
    says: "replacing what is published is a recorded decision",
    next: '`ledgerloop restore FOLDER --force --reason "…"`, with --ticket where there is one',
  });
}

export function notFiles(): Problem {
  return problem({
    code: "upkeep.not_files",
    says: "backup and restore copy a DuckDB file and a folder of objects, and this environment has other stores",
    next: "use the backups of the warehouse and the object store themselves, or --env local",
  });
}

/** A feed that is to have the rows of another name. */
interface Rename {
  readonly feed: string;
  readonly was: string;
}

const renameCommand = ({ feed, was }: Rename) => `\`ledgerloop feed rename ${feed} --was ${was} --reason "…"\``;

export function renameWithoutReason(p: Rename): Problem {
  return problem({
    code: "upkeep.reason",
    says: `that the feed ${p.was} is called ${p.feed} now is a recorded decision`,
    next: `${renameCommand(p)}, with --ticket where there is one`,
  });
}

export function renameNotConfigured(p: Rename & { known: readonly string[] }): Problem {
  const close = nearest(p.feed, p.known);
  return problem({
    code: "upkeep.rename_not_configured",
    says: `the feed ${p.feed} is not in the configuration, and only a feed that is can have the rows of ${p.was}`,
    next: `${close === undefined ? "" : `did you mean "${close}"? `}name it so in sources/, contracts/, models/ and pipeline.yaml, then \`ledgerloop contract lint\``,
  });
}

export function renameStillConfigured(p: Rename & { file: string }): Problem {
  return problem({
    code: "upkeep.still_configured",
    says: `the feed ${p.was} is in the configuration (${p.file}): its rows are its own`,
    next: `give it its new name there instead of a second feed, then ${renameCommand(p)}`,
  });
}

export function renamedElsewhere(p: Rename & { now: string }): Problem {
  return problem({
    code: "upkeep.renamed_elsewhere",
    says: `the rows of ${p.was} are those of ${p.now} since an earlier rename`,
    next: renameCommand({ feed: p.feed, was: p.now }),
  });
}

export function renameOtherGroup(p: Rename & { group: string; published: readonly string[] }): Problem {
  return problem({
    code: "upkeep.rename_other_group",
    says: `${p.was} was published in group ${p.published.join(" and ")}, and ${p.feed} is in ${p.group}: published rows do not move from group to group`,
    next: `put ${p.feed} into group ${p.published[0]}, then ${renameCommand(p)}`,
  });
}

export function renameOfRetired(p: Rename): Problem {
  return problem({
    code: "upkeep.rename_of_retired",
    says: `the feed ${p.was} is retired: publications were made without it, and what changed at its source meanwhile has not been looked for`,
    next: `configure ${p.was} again, \`ledgerloop feed return ${p.was} --reason "…"\`, then take it out and rename it; a name that no feed had before is read from the beginning by \`ledgerloop run\``,
  });
}

export function renameTaken(p: Rename & { has: string }): Problem {
  return problem({
    code: "upkeep.rename_taken",
    says: `the feed ${p.feed} has ${p.has} of its own, and two feeds' rows are never made one`,
    next: `give the feed that was ${p.was} a name under which nothing is published, or \`ledgerloop feed retire ${p.was} --reason "…"\``,
  });
}

export function renameOvertaken(p: { group: string }): Problem {
  return problem({
    code: "upkeep.rename_overtaken",
    says: `another publisher took group ${p.group} over meanwhile; nothing was renamed`,
    next: "`ledgerloop runs` shows it; when it has ended, the same command again",
  });
}

export function renameNotCommitted(): Problem {
  return problem({
    code: "upkeep.rename_not_committed",
    says: "the answer to COMMIT was lost, and the rename did not happen",
    next: "the same command again",
  });
}

/** A feed or a curated table by the kind of thing it is. */
interface Named {
  readonly kind: "feed" | "table";
  readonly name: string;
}

const called = ({ kind, name }: Named) => (kind === "feed" ? `the feed ${name}` : `curated.${name}`);

export function decisionWithoutReason(p: Named & { does: "retire" | "return" }): Problem {
  return problem({
    code: "upkeep.reason",
    says: `that ${called(p)} ${p.does === "retire" ? "is retired" : "returns"} is a recorded decision`,
    next: `\`ledgerloop ${p.kind} ${p.does} ${p.name} --reason "…"\`, with --ticket where there is one`,
  });
}

export function stillConfigured(p: Named & { file: string }): Problem {
  return problem({
    code: "upkeep.still_configured",
    says: `${called(p)} is in the configuration (${p.file}); runs would be refused while it is retired there`,
    next: `take it out first, then \`ledgerloop plan\` says what is left and \`ledgerloop ${p.kind} retire ${p.name} --reason "…"\` is accepted`,
  });
}

export function notYetBack(p: Named): Problem {
  return problem({
    code: "upkeep.not_back",
    says: `${called(p)} is not in the configuration, and stays retired until it is`,
    next: "put it back into the configuration; `ledgerloop plan` shows what a run would do with it",
  });
}

export function notRetired(p: Named): Problem {
  return problem({
    code: "upkeep.not_retired",
    says: `${called(p)} is not retired`,
    next: "nothing to do; `ledgerloop plan` shows what a run would do",
  });
}

export function notPublished(p: Named & { known: readonly string[] }): Problem {
  const close = nearest(p.name, p.known);
  return problem({
    code: "upkeep.not_published",
    says: `nothing of ${called(p)} is published: there is nothing to decide about`,
    next: `${close === undefined ? "" : `did you mean "${close}"? `}published: ${p.known.join(", ") || "nothing"}`,
  });
}

type PartNamed = { readonly feed: string; readonly part: string };

export function decisionOnPartWithoutReason({ feed, part, does }: PartNamed & { does: string }): Problem {
  const [date = "", partner] = part.split(" ").reverse();
  const ofDay = `${feed} ${date}${partner === undefined ? "" : ` --partner ${shellWord(partner)}`}`;
  return problem({
    code: "upkeep.reason",
    says: `to ${does} the file ${part} is a recorded decision`,
    next: `\`ledgerloop files ${does} ${does === "waive" ? ofDay : shellWord(part)} --reason "…"\`, with --ticket where there is one`,
  });
}

export function partUnknown({ feed, part, known }: PartNamed & { known: readonly string[] }): Problem {
  const close = nearest(part, known);
  return problem({
    code: "upkeep.part_unknown",
    says: `no run has looked at a file ${part} of the feed ${feed}`,
    next: close === undefined ? "`ledgerloop files`" : `did you mean ${close}? \`ledgerloop files show ${shellWord(close)}\``,
  });
}

export function partNotDecidable({ feed, does, part }: { feed: string; does: string; part: FeedPart }): Problem {
  const can = part.may.map((one) => `\`ledgerloop files ${one} ${shellWord(part.part)} --reason "…"\``);
  return problem({
    code: "upkeep.part_not_decidable",
    says: `the file ${part.part} of ${feed} is ${part.state}${part.says === null ? "" : ` (${part.says})`}: there is nothing to ${does}`,
    next:
      [part.next, ...can].filter((text) => text !== null).join("; or ") || `\`ledgerloop files show ${shellWord(part.part)}\``,
  });
}
