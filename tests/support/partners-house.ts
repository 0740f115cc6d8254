import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadPipeline } from "../../src/config/load.ts";
import { readAdapterState } from "../../src/ledger/adapter-state.ts";
import type { Engine } from "../../src/run/engine.ts";
import { csvKind } from "../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../src/sources/csv/csv-reader.ts";
import { fileParts } from "../../src/sources/csv/files/file-parts.ts";
import type { PendingPart } from "../../src/sources/pending.ts";
import { decidePart, type PartRequest, type PartResult, waivePart } from "../../src/upkeep/decide-part.ts";
import { type Ended, openSourceless, type SourcelessHouse } from "./engine.ts";

const FEED = "partners.remittances";
const PARTNERS = join(import.meta.dirname, "../fixtures/pipelines/partners");

/** An instant of the day on which the house's files come. */
export const at = (time: string) => new Date(`2026-05-12T${time}:00Z`);

/** A house over two partners' files. Its clock stands where a run is told; files were written at six in the morning unless told. */
export interface PartnersHouse extends AsyncDisposable {
  readonly house: SourcelessHouse;
  /** The folder of the files. */
  readonly folder: string;
  put(path: string, content: string | Uint8Array, writtenAt?: Date): void;
  remove(path: string): void;
  run(when?: Date, choice?: Parameters<SourcelessHouse["run"]>[0], changed?: Partial<Engine>): Promise<Ended>;
  /** What is published: id, amount and file of each payment, in order. */
  published(): Promise<string[]>;
  /** Somebody decides about a file. */
  decide(does: PartRequest["does"], path: string, engine?: Partial<Engine>): Promise<PartResult>;
  /** Somebody expects the file of a day no more. */
  waive(part: string): Promise<void>;
  /** State of each file of the ledger, by path. */
  states(): Promise<Record<string, string>>;
}

/** The fixture, with more keys for its feed, its source file changed otherwise too. */
function pipelineWith(keys: string, change: (text: string) => string): string {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(PARTNERS, directory, { recursive: true });
  const source = join(directory, "sources/partners.yaml");
  const text = readFileSync(source, "utf8");
  writeFileSync(source, change(text.replace("    business_key:", `    ${keys}\n    business_key:`)));
  return directory;
}

/** A file that a run would look at; null where runs know all of it. */
async function there({ engine }: SourcelessHouse, path: string): Promise<PendingPart | null> {
  const { pipeline, warehouse } = engine;
  const feed = pipeline.feeds.get(FEED);
  const source = pipeline.sources.get("partners");
  if (!feed || !source) throw new Error(`no feed ${FEED}`);
  const session = await warehouse.open({ purpose: "test", readOnly: true });
  try {
    const state = await readAdapterState(session, warehouse.dialect, { group: feed.group, feed: FEED });
    const asked = { source, feeds: [feed], whole: false, state: async () => state, decisions: async () => [] };
    const found = await csvReader().pending?.({ ...asked, clock: { now: () => at("23:59") } });
    const parts = found?.get(FEED)?.flatMap(({ is, parts }) => (is === "new" || is === "changed" ? parts : [])) ?? [];
    return parts.find(({ part }) => part === path) ?? null;
  } finally {
    await session.close();
  }
}

/**
 * Opens a house over two partners' files, none of them there yet.
 * @param keys more keys of its feed, in YAML.
 * @param change of the text of its source file.
 */
export async function openPartnersHouse(keys = "", change = (text: string) => text): Promise<PartnersHouse> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-partners-"));
  const directory = pipelineWith(keys, change);
  const house = await openSourceless({
    env: { PARTNERS_FOLDER: folder },
    load: (env) => loadPipeline({ directory, env, kinds: [csvKind] }).pipeline,
    readerOf: async () => csvReader(),
  });
  const texts = async (sql: string) => (await house.query(sql)).map((row) => row["text"] ?? "");
  return {
    house,
    folder,
    put: (path, content, writtenAt = at("06:00")) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      utimesSync(file, writtenAt, writtenAt);
    },
    remove: (path) => rmSync(join(folder, path)),
    run: (when = at("07:00"), choice = {}, changed = {}) => house.run(choice, { ...changed, clock: { now: () => when } }),
    published: () =>
      texts(
        `select coalesce(c.remittance_id, s.remittance_id) || ' ' || coalesce(c.amount::varchar, 'not curated') || ' ' || coalesce(s._scope, 'not staged') as text
         from curated.remittance c
         full join (from staging.partners_remittances__rows where _deleted_at is null) s using (remittance_id, amount) order by 1`,
      ),
    decide: async (does, part, engine = {}) => {
      const request = { feed: FEED, part, does, reason: "test", ticket: null };
      return decidePart({ ...house.engine, ...engine }, request, { partsOf: fileParts, there: await there(house, part) });
    },
    waive: (part) => waivePart(house.engine, { feed: FEED, part, reason: "test", ticket: null }),
    states: async () => {
      const rows = await house.query(`select state_key, state_value from ops.adapter_state
        qualify row_number() over (partition by state_key order by number desc) = 1 order by state_key`);
      return Object.fromEntries(
        rows.map(({ state_key, state_value }) => {
          const { state, gone } = JSON.parse(state_value ?? "{}");
          return [state_key, gone ? `${state}, gone` : state];
        }),
      );
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      for (const made of [folder, directory]) rmSync(made, { recursive: true, force: true });
    },
  };
}
