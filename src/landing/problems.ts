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
