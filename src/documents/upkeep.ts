import { jsonAmount } from "../kernel/json.ts";
import type { ProjectedAll } from "../projector/project-all.ts";
import type { BackupManifest } from "../upkeep/backup-manifest.ts";
import type { CleanResult } from "../upkeep/clean.ts";
import type { RenameResult } from "../upkeep/rename.ts";
import type { Finding } from "../upkeep/retention.ts";
import type { RetireResult } from "../upkeep/retire.ts";

function totals(findings: readonly Finding[], action: Finding["action"]) {
  const of = findings.filter((f) => f.action === action);
  return { things: of.length, files: of.reduce((n, f) => n + f.files, 0), bytes: of.reduce((n, f) => n + f.bytes, 0) };
}

/** What `clean` found and did. */
export function cleanDocument({ cleanId, dryRun, findings }: CleanResult) {
  return {
    clean_id: cleanId,
    dry_run: dryRun,
    removed: totals(findings, "remove"),
    kept: totals(findings, "keep"),
    findings: findings.map(({ ageDays, ...rest }) => ({ ...rest, age_days: ageDays })),
  };
}

/** What `backup` and `restore` both tell of a backup. */
export function backupDocument(folder: string, manifest: BackupManifest) {
  return {
    backup_id: manifest.backup_id,
    folder,
    created_at: manifest.created_at,
    code_version: manifest.code_version,
    heads: manifest.heads,
    control_schema: manifest.control_schema,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, f) => sum + f.bytes, 0),
  };
}

const countOf = (rows: bigint | null) => (rows === null ? null : jsonAmount(rows));

/** What became of a feed or a table that left or came back. */
export function retireDocument(result: RetireResult) {
  return { ...result, rows: countOf(result.rows), waiting: countOf(result.waiting) };
}

/** What a rename moved. */
export function renameDocument({ publicationId, rows, waiting, ...rest }: RenameResult) {
  return { ...rest, publication_id: publicationId, rows: countOf(rows), waiting: countOf(waiting) };
}

/** What `up` told the journal. */
export function journalDocument(journal: ProjectedAll) {
  return "untold" in journal
    ? { groups: [], untold: { code: journal.untold.code, says: journal.untold.says } }
    : { groups: journal.groups, untold: null };
}
