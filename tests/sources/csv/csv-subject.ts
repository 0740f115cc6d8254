import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadPipeline } from "../../../src/config/load.ts";
import { csvKind } from "../../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../../src/sources/csv/csv-reader.ts";
import { CLAIMS } from "../../support/claims-house.ts";
import { openSourceless } from "../../support/engine.ts";
import { type Abilities, lacks, type Name, type SourceRow, type Subject } from "../conformance-subject.ts";

/** What files can do of what sources can. */
export const CSV_ABILITIES: Abilities = {
  instalments: true,
  deletes: lacks("it names no deleted rows"),
  resumes: lacks("files that were looked at are read again"),
  state: true,
  columns: true,
  types: lacks("what it gives is text"),
  totals: lacks("a file whose trailer disagrees is stopped, the feed is not"),
  secrets: lacks("it is reached without credentials"),
};

/** Where the files of a subject are. */
export interface Shelf {
  /** Keys of the source file. */
  readonly place: string;
  /** Keys of each feed. */
  readonly keys: string;
  write(path: string, text: string): Promise<void>;
  goAway(): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}

const sourceOn = ({ place, keys }: Shelf) => `source: app
kind: csv
owner: desk
${place}
feeds:
  accounts:
    files: accounts/*.csv
    contract: app.accounts
    business_key: [account_id]
    ${keys}
    layouts: { plain: {} }
  entries:
    files: entries/*.csv
    contract: app.entries
    business_key: [entry_id]
    ${keys}
    money: { amount: amount, currency: currency, unit: minor }
    layouts:
      plain: {}
`;

const COLUMNS: Readonly<Record<Name, readonly string[]>> = {
  accounts: ["id", "account_id", "name", "v"],
  entries: ["id", "entry_id", "account_id", "amount", "currency", "memo"],
};

const cell = (value: string | number | null | undefined) =>
  value === null || value === undefined ? "" : `"${String(value).replaceAll('"', '""')}"`;

/** The files of one feed; a file that has lost its rows keeps its header. */
function filesOf(shelf: Shelf, name: Name) {
  const rows = new Map<string, readonly SourceRow[]>();
  const texts = new Map<string, string>();
  let columns = COLUMNS[name];
  const write = async (file: string, content: readonly SourceRow[]) => {
    const lines = [columns, ...content.map((row) => columns.map((column) => cell(row[column])))].map((cells) => cells.join(","));
    const text = `${lines.join("\n")}\n`;
    rows.set(file, content);
    if (texts.get(file) === text) return;
    texts.set(file, text);
    await shelf.write(`${name}/${file}`, text);
  };
  const rewrite = async (change: (content: readonly SourceRow[]) => readonly SourceRow[]) => {
    for (const [file, content] of rows) await write(file, change(content));
  };
  return {
    rewrite,
    put: async (put: readonly SourceRow[]) => {
      const there = new Set([...rows.values()].flat().map((row) => row.id));
      await rewrite((content) => content.map((row) => put.find((r) => r.id === row.id) ?? row));
      const fresh = put.filter((row) => !there.has(row.id));
      if (fresh.length > 0) await write(`file-${String(rows.size + 1).padStart(4, "0")}.csv`, fresh);
    },
    addColumn: async (column: string) => {
      columns = [...columns, column];
      await rewrite((content) => content.map((row) => ({ ...row, [column]: 1 })));
    },
  };
}

function cannot(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`files of text ${what}`));
}

/** The fixture `claims` as CSV files. */
export async function csvSubjectOn(shelf: Shelf): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), sourceOn(shelf));
  const files = { accounts: filesOf(shelf, "accounts"), entries: filesOf(shelf, "entries") };
  const house = await openSourceless({
    env: {},
    load: (env) => loadPipeline({ directory, env, kinds: [csvKind] }).pipeline,
    readerOf: async () => csvReader(),
  });
  return {
    house,
    secrets: [],
    findsRemoved: {},
    put: (feed, rows) => files[feed].put(rows),
    remove: (feed, ids) => files[feed].rewrite((rows) => rows.filter((row) => !ids.includes(row.id))),
    addColumn: (feed, column) => files[feed].addColumn(column),
    retype: cannot("have no types"),
    lie: cannot("count by file"),
    goAway: () => shelf.goAway(),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await shelf.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The fixture `claims` as folders of CSV files. */
export async function csvSubject(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-csv-"));
  return csvSubjectOn({
    place: `location: "${folder}"`,
    keys: "settle_seconds: 0",
    write: async (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    goAway: async () => {
      renameSync(folder, `${folder}.away`);
      return async () => renameSync(`${folder}.away`, folder);
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  });
}
