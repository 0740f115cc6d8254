import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipeline } from "../../src/config/load.ts";
import { filesOf } from "../sources/json-folder/json-files.ts";
import { jsonFolderKind } from "../sources/json-folder/json-folder-kind.ts";
import { jsonFolderReader } from "../sources/json-folder/json-folder-reader.ts";
import { CLAIMS } from "./claims-house.ts";
import { openSourceless, type SourcelessHouse } from "./engine.ts";

type FolderFiles = ReturnType<typeof filesOf>;

/** A house with two sources of their own: `app` has the accounts, `late` the entries that refer to them. */
export interface TwoFolders extends AsyncDisposable {
  readonly house: SourcelessHouse;
  readonly accounts: FolderFiles;
  readonly entries: FolderFiles;
}

/** How the two feeds are declared beyond what they need, in YAML's flow style. */
export interface Declared {
  readonly accounts?: string;
  readonly entries?: string;
}

const source = (name: string, feed: string) => `source: ${name}
kind: json_folder
owner: desk
folder: "\${${name.toUpperCase()}_FOLDER}"
token: t
feeds:
  ${feed}
`;

function sourceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-json-"));
  writeFileSync(join(folder, ".token"), "t");
  writeFileSync(join(folder, ".identity"), folder);
  return folder;
}

function writePipeline(directory: string, { accounts = "", entries = "" }: Declared): void {
  cpSync(CLAIMS, directory, { recursive: true });
  const change = (file: string, from: string, to: string) => {
    const path = join(directory, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, to));
  };
  change("pipeline.yaml", "app.entries", "late.entries");
  change("contracts/app.entries.odcs.yaml", "to: accounts.", "to: app.accounts.");
  change("models/entry.sql", "app.entries", "late.entries");
  change("models/entry.sql", "app_entries", "late_entries");
  const common = "source_key: [id]";
  writeFileSync(
    join(directory, "sources/app.yaml"),
    source(
      "app",
      `accounts: { files: accounts, contract: app.accounts, ${common}, business_key: [account_id], version: v${accounts} }`,
    ),
  );
  const money = "money: { amount: amount, currency: currency, unit: minor }";
  writeFileSync(
    join(directory, "sources/late.yaml"),
    source("late", `entries: { files: entries, contract: app.entries, ${common}, business_key: [entry_id], ${money}${entries} }`),
  );
}

/** Opens a house over two folders of JSON files, both without rows. */
export async function openTwoFolders(declared: Declared = {}): Promise<TwoFolders> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  writePipeline(directory, declared);
  const [app, late] = [sourceFolder(), sourceFolder()];
  const house = await openSourceless({
    env: { APP_FOLDER: app, LATE_FOLDER: late },
    load: (env) => loadPipeline({ directory, env, kinds: [jsonFolderKind] }).pipeline,
    readerOf: async () => jsonFolderReader(),
  });
  return {
    house,
    accounts: filesOf(join(app, "accounts")),
    entries: filesOf(join(late, "entries")),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      for (const made of [directory, app, late]) rmSync(made, { recursive: true, force: true });
    },
  };
}
