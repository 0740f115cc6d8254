import { nearest } from "../kernel/nearest.ts";
import { type Problem, problem } from "../kernel/problem.ts";

const EXAMPLE = "`ledgerloop check FILE --contract CONTRACT.odcs.yaml`";

export function fileUnreadable(path: string): Problem {
  return problem({
    code: "trial.file_unreadable",
    says: `${path} is not there, or cannot be read`,
    next: `correct the path or its rights, then ${EXAMPLE}`,
  });
}

export function noFile(path: string): Problem {
  return problem({
    code: "trial.no_file",
    says: `${path} is no file`,
    next: `name files, a pipe has to be one first: ${EXAMPLE}`,
  });
}

export function fileChanged(path: string): Problem {
  return problem({
    code: "trial.file_changed",
    says: `${path} was changed while it was checked; nothing was written of it`,
    next: `once nobody writes to it: ${EXAMPLE}`,
  });
}

export function referenceUnknown(written: string, known: readonly string[]): Problem {
  const close = nearest(written, known);
  const all =
    known.length > 0
      ? `known: ${known.join(", ")}; \`--reference ${close ?? known[0]}=FILE\``
      : "the contract has no foreign key: leave --reference out";
  return problem({
    code: "trial.reference_unknown",
    says: `no foreign key of the contract refers to "${written}"`,
    next: `${close === undefined ? "" : `did you mean "${close}"? `}${all}`,
  });
}

export function referenceUnfit(p: { path: string; object: string; says: string; columns: readonly string[] }): Problem {
  return problem({
    code: "trial.reference_unfit",
    says: `${p.path} cannot stand for ${p.object}: ${p.says}`,
    next: `give a plain CSV file in UTF-8 with the columns ${p.columns.join(", ")}: \`--reference ${p.object}=FILE\``,
  });
}

export function folderTaken(p: { folder: string; names: readonly string[] }): Problem {
  const [first, ...more] = p.names;
  return problem({
    code: "trial.folder_taken",
    says: `${p.folder} has ${first}${more.length > 0 ? ` and ${more.length} more files of these names` : ""} already; nothing is written over`,
    next: `remove them, or name another folder: \`--quarantine-dir FOLDER\``,
  });
}

export function folderUnwritable(p: { folder: string; reason: string }): Problem {
  return problem({
    code: "trial.folder_unwritable",
    says: `${p.folder} cannot be written: ${p.reason}`,
    next: "name a folder that can: `--quarantine-dir FOLDER`",
  });
}

export function diskFull(folder: string): Problem {
  return problem({
    code: "trial.disk_full",
    says: `no room is left on the disk; row files of what is checked lie in ${folder} meanwhile`,
    next: `make room, or name a folder on another disk: \`TMPDIR=FOLDER ledgerloop check …\``,
  });
}

export function rowsLost(p: { path: string; read: number; judged: bigint }): Problem {
  return problem({
    code: "trial.rows_lost",
    says: `${p.read} records of ${p.path} were read and ${p.judged} were judged`,
    next: "this is a fault of the program: LEDGERLOOP_DEBUG=1 ledgerloop check …",
  });
}
