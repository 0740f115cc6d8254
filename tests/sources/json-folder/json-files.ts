import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceRow } from "../conformance-subject.ts";

interface Stored {
  readonly count: number;
  readonly rows: readonly SourceRow[];
}

/** The files of one feed, each put under a name of its own. */
export function filesOf(folder: string) {
  mkdirSync(folder);
  let made = readdirSync(folder).length;
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Stored;
  const write = (name: string, rows: readonly SourceRow[], count = rows.length) =>
    writeFileSync(join(folder, name), JSON.stringify({ count, rows }));
  const rewrite = (change: (rows: readonly SourceRow[]) => readonly SourceRow[]) => {
    for (const name of readdirSync(folder)) {
      const { rows } = read(name);
      const changed = change(rows);
      if (JSON.stringify(changed) === JSON.stringify(rows)) continue;
      if (changed.length === 0) rmSync(join(folder, name));
      else write(name, changed);
    }
  };
  return {
    rewrite,
    put: (rows: readonly SourceRow[]) => {
      const there = new Set(readdirSync(folder).flatMap((name) => read(name).rows.map((row) => row.id)));
      rewrite((old) => old.map((row) => rows.find((r) => r.id === row.id) ?? row));
      const fresh = rows.filter((row) => !there.has(row.id));
      made += 1;
      if (fresh.length > 0) write(`file-${String(made).padStart(4, "0")}.json`, fresh);
    },
    sayDeleted: (id: number, stamp: number) => {
      made += 1;
      const text = JSON.stringify({ count: 0, rows: [], deleted: [{ id, stamp }] });
      writeFileSync(join(folder, `file-${String(made).padStart(4, "0")}.json`), text);
    },
    lie: () => {
      const [name = ""] = readdirSync(folder);
      const { rows } = read(name);
      write(name, rows, rows.length + 1);
    },
  };
}
