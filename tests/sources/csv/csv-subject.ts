import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipeline } from "../../../src/config/load.ts";
import { csvKind } from "../../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../../src/sources/csv/csv-reader.ts";
import { CLAIMS } from "../../support/claims-house.ts";
import { openSourceless } from "../../support/engine.ts";
import type { Name, SourceRow, Subject } from "../conformance-subject.ts";

const SOURCE = `source: app
kind: csv
owner: desk
location: "\${APP_FOLDER}"
feeds:
  accounts: { files: "accounts/*.csv", contract: app.accounts, business_key: [account_id], settle_seconds: 0, layouts: { plain: {} } }
  entries:
    files: entries/*.csv
    contract: app.entries
    business_key: [entry_id]
    settle_seconds: 0
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
function filesOf(folder: string, name: Name) {
  mkdirSync(folder);
  const rows = new Map<string, readonly SourceRow[]>();
  let columns = COLUMNS[name];
  const write = (file: string, content: readonly SourceRow[]) => {
    const lines = [columns, ...content.map((row) => columns.map((column) => cell(row[column])))].map((cells) => cells.join(","));
    const text = `${lines.join("\n")}\n`;
    rows.set(file, content);
    if (readdirSync(folder).includes(file) && readFileSync(join(folder, file), "utf8") === text) return;
    writeFileSync(join(folder, file), text);
  };
  const rewrite = (change: (content: readonly SourceRow[]) => readonly SourceRow[]) => {
    for (const [file, content] of rows) write(file, change(content));
  };
  return {
    rewrite,
    put: (put: readonly SourceRow[]) => {
      const there = new Set([...rows.values()].flat().map((row) => row.id));
      rewrite((content) => content.map((row) => put.find((r) => r.id === row.id) ?? row));
      const fresh = put.filter((row) => !there.has(row.id));
      if (fresh.length > 0) write(`file-${String(rows.size + 1).padStart(4, "0")}.csv`, fresh);
    },
    addColumn: (column: string) => {
      columns = [...columns, column];
      rewrite((content) => content.map((row) => ({ ...row, [column]: 1 })));
    },
  };
}

function cannot(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`files of text ${what}`));
}

/** The fixture `claims` as folders of CSV files. */
export async function csvSubject(): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), SOURCE);
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-csv-"));
  const files = { accounts: filesOf(join(folder, "accounts"), "accounts"), entries: filesOf(join(folder, "entries"), "entries") };
  const house = await openSourceless({
    env: { APP_FOLDER: folder },
    load: (env) => loadPipeline({ directory, env, kinds: [csvKind] }).pipeline,
    readerOf: async () => csvReader(),
  });
  return {
    house,
    secrets: [],
    findsRemoved: {},
    put: async (feed, rows) => files[feed].put(rows),
    remove: async (feed, ids) => files[feed].rewrite((rows) => rows.filter((row) => !ids.includes(row.id))),
    addColumn: async (feed, column) => files[feed].addColumn(column),
    retype: cannot("have no types"),
    lie: cannot("count by file"),
    goAway: async () => {
      renameSync(folder, `${folder}.away`);
      return async () => renameSync(`${folder}.away`, folder);
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      for (const made of [directory, folder]) rmSync(made, { recursive: true, force: true });
    },
  };
}
