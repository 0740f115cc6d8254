import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipeline } from "../../../src/config/load.ts";
import { CLAIMS } from "../../support/claims-house.ts";
import { openSourceless } from "../../support/engine.ts";
import type { Name, Subject } from "../conformance-subject.ts";
import { filesOf } from "./json-files.ts";
import { jsonFolderKind } from "./json-folder-kind.ts";
import { jsonFolderReader } from "./json-folder-reader.ts";

const SECRET = "folder-word-52c7";

const SOURCE = `source: app
kind: json_folder
owner: desk
folder: "\${APP_FOLDER}"
token: "\${APP_TOKEN}"
feeds:
  accounts: { files: accounts, contract: app.accounts, source_key: [id], business_key: [account_id], version: v, deletions: true }
  entries:
    files: entries
    contract: app.entries
    source_key: [id]
    business_key: [entry_id]
    money: { amount: amount, currency: currency, unit: minor }
`;

/** The fixture `claims` as folders of JSON files. */
export async function jsonFolderSubject(): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), SOURCE);
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-json-"));
  writeFileSync(join(folder, ".token"), SECRET);
  writeFileSync(join(folder, ".identity"), "folder one");
  const files: Record<Name, ReturnType<typeof filesOf>> = {
    accounts: filesOf(join(folder, "accounts")),
    entries: filesOf(join(folder, "entries")),
  };
  let received = 0;
  const onReceived = () => {
    received += 1;
  };
  const house = await openSourceless({
    env: { APP_FOLDER: folder, APP_TOKEN: SECRET },
    load: (env) => loadPipeline({ directory, env, kinds: [jsonFolderKind] }).pipeline,
    readerOf: async () => jsonFolderReader(onReceived),
  });
  return {
    house,
    secrets: [SECRET],
    findsRemoved: {},
    put: async (feed, rows) => files[feed].put(rows),
    remove: async (feed, ids) => files[feed].rewrite((rows) => rows.filter((row) => !ids.includes(row.id))),
    addColumn: async (feed, column) => files[feed].rewrite((rows) => rows.map((row) => ({ ...row, [column]: 1 }))),
    retype: async (feed, column) => files[feed].rewrite((rows) => rows.map((row) => ({ ...row, [column]: 1 }))),
    lie: async (feed) => files[feed].lie(),
    received: () => received,
    sayDeleted: async (id, stamp) => files.accounts.sayDeleted(id, stamp),
    goAway: async () => {
      renameSync(join(folder, ".token"), join(folder, ".away"));
      return async () => renameSync(join(folder, ".away"), join(folder, ".token"));
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      for (const made of [directory, folder]) rmSync(made, { recursive: true, force: true });
    },
  };
}
