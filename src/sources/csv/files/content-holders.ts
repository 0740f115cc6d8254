import type { FileEntry } from "./file-ledger.ts";

/** Which files hold which content, as they are in force while a run goes on. */
export interface ContentHolders {
  /** A file that holds a content, for one that does not hold it itself; undefined where none does, or it does. */
  other(sha256: string, path: string): string | undefined;
  /** From now on a file holds this content and no other; null for none. */
  set(path: string, sha256: string | null): void;
}

/** The holders as a ledger has them. */
export function contentHolders(ledger: ReadonlyMap<string, FileEntry>): ContentHolders {
  const inForce = new Map<string, string>();
  const holders = new Map<string, Set<string>>();
  const set = (path: string, sha256: string | null) => {
    holders.get(inForce.get(path) ?? "")?.delete(path);
    inForce.delete(path);
    if (sha256 === null) return;
    inForce.set(path, sha256);
    holders.set(sha256, (holders.get(sha256) ?? new Set()).add(path));
  };
  for (const [path, entry] of ledger) set(path, entry.in_force?.sha256 ?? null);
  return {
    other: (sha256, path) => (inForce.get(path) === sha256 ? undefined : holders.get(sha256)?.values().next().value),
    set,
  };
}
