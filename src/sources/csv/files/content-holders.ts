import type { FileEntry } from "./file-ledger.ts";

/** Which files hold which content, as they are in force while a run goes on. */
export interface ContentHolders {
  /** Another file than the given one that holds a content; undefined where none does. */
  other(sha256: string, path: string): string | undefined;
  /** From now on a file holds this content and no other; null for none. */
  set(path: string, sha256: string | null): void;
}

/** The holders as a ledger has them. */
export function contentHolders(ledger: ReadonlyMap<string, FileEntry>): ContentHolders {
  const inForce = new Map(
    [...ledger].flatMap(([path, entry]) => (entry.in_force ? [[path, entry.in_force.sha256] as const] : [])),
  );
  const holders = new Map([...inForce].map(([path, sha256]) => [sha256, path]));
  return {
    other: (sha256, path) => {
      const holder = holders.get(sha256);
      return holder === path ? undefined : holder;
    },
    set: (path, sha256) => {
      const before = inForce.get(path);
      inForce.delete(path);
      if (before !== undefined && holders.get(before) === path) {
        const [next] = [...inForce].find(([, content]) => content === before) ?? [];
        if (next === undefined) holders.delete(before);
        else holders.set(before, next);
      }
      if (sha256 === null) return;
      inForce.set(path, sha256);
      if (!holders.has(sha256)) holders.set(sha256, path);
    },
  };
}
