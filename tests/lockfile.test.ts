import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

/** The entry that a package finds for a name: its own folder first, then those above it. */
function found(from: string, name: string): Entry | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const entry = lock.packages[at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`];
    if (entry || at === "") return entry;
  }
}

// `npm ci` refuses a lock file without them, and a lock written where a registry lacks a platform's package has none.
test("packages of every other platform stand in the lock file in the version asked for", () => {
  const asked = Object.entries(lock.packages).flatMap(([at, entry]) =>
    Object.entries(entry.optionalDependencies ?? {}).map(([name, version]) => ({ at, name, version })),
  );
  expect(asked.length).toBeGreaterThan(50);
  const exact = asked.filter(({ version }) => /^\d/.test(version));
  expect(exact.filter(({ at, name, version }) => found(at, name)?.version !== version)).toEqual([]);
});
