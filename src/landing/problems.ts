import { type Problem, problem } from "../kernel/problem.ts";

export function manifestExists(key: string): Problem {
  return problem({
    code: "landing.manifest_exists",
    says: `Another process landed the same extract first (${key}).`,
    next: "repeat the same ledgerloop run",
  });
}

export function manifestUnreadable(key: string, where: string): Problem {
  return problem({
    code: "landing.manifest",
    says: `${key} is not a manifest: ${where}.`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

export function manifestNewer(key: string, schema: number): Problem {
  return problem({
    code: "landing.manifest_newer",
    says: `${key} was written by a newer version of ledgerloop (manifest schema ${schema}).`,
    next: "install that version, then repeat the command",
  });
}

export function fileMissing(key: string): Problem {
  return problem({
    code: "landing.missing",
    says: `The landed file ${key} is gone.`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

export function fileResized(key: string, written: number, found: number): Problem {
  return problem({
    code: "landing.size",
    says: `The landed file ${key} has ${found} bytes where ${written} were written.`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

export function fileChanged(key: string): Problem {
  return problem({
    code: "landing.hash",
    says: `The landed file ${key} has its size but not its bytes any more (SHA-256 differs).`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

/** Where evidence and row files do not belong together, one of them is not what was landed. */
const RESTORE =
  "bring its landing and evidence back from a backup or from the bucket's versions, then `ledgerloop doctor --deep`";

export function deriverUnknown(deriver: { name: string; version: string }, codeVersion: string): Problem {
  return problem({
    code: "landing.deriver_unknown",
    says: `It was derived by ${deriver.name} version ${deriver.version}, which this version of ledgerloop does not have for its source.`,
    next: `install ledgerloop ${codeVersion}, which derived it, then \`ledgerloop doctor --deep\``,
  });
}

export function deriverFailed(feed: string, deriver: { name: string; version: string }): Problem {
  return problem({
    code: "landing.deriver_failed",
    says: `${deriver.name} version ${deriver.version} makes nothing of the evidence and parameters of this extract of ${feed} any more.`,
    next: RESTORE,
  });
}

export function derivedDiffers(key: string, offset: number): Problem {
  return problem({
    code: "landing.derived_differs",
    says: `What the evidence gives differs from the landed file ${key} from byte ${offset} on (counted from 0, unpacked).`,
    next: RESTORE,
  });
}

export function derivedRows(key: string, rows: { derived: number; landed: number }): Problem {
  return problem({
    code: "landing.derived_rows",
    says: `The evidence of ${key} gives ${rows.derived} rows where its manifest says ${rows.landed}.`,
    next: RESTORE,
  });
}

export function notLanded(feed: string, name: string): Problem {
  return problem({
    code: "landing.not_landed",
    says: `The evidence of this extract of ${feed} gives a file ${JSON.stringify(name)} that its manifest does not have.`,
    next: RESTORE,
  });
}

export function notDerived(key: string): Problem {
  return problem({
    code: "landing.not_derived",
    says: `The evidence of its extract does not give the landed file ${key}.`,
    next: RESTORE,
  });
}
