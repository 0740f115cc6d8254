import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { loadPipeline } from "../../src/config/load.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { RunChoice } from "../../src/run/request.ts";
import { csvKind } from "../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../src/sources/csv/csv-reader.ts";
import type { ExtractRequest } from "../../src/sources/source.ts";
import { type Ended, openSourceless, type SourcelessHouse } from "./engine.ts";
import { fakeTimer } from "./fake-timer.ts";

const PARTNERS = join(import.meta.dirname, "../fixtures/pipelines/partners");

/** Where partners put their files. */
export interface Shelf {
  /** Keys of the source file. */
  readonly place: string;
  put(path: string, content: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  dispose(): Promise<void>;
}

/** A payment in a partner's file; its invoice has a letter that encodings write differently. */
export interface Payment {
  readonly id: string;
  /** In cents. */
  readonly cents: number;
}

/** A file as its partner means it. */
export interface Meant {
  readonly path: string;
  readonly payments: readonly Payment[];
}

const PAID_ON = "2026-05-11";
const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const money = (cents: number, mark: string) => `${Math.floor(cents / 100)}${mark}${String(cents % 100).padStart(2, "0")}`;
const invoice = (id: string) => `Ü-${id}`;

/** A file of commas. */
export const acmeText = (payments: readonly Payment[]) =>
  HEAD + payments.map(({ id, cents }) => `${id},${invoice(id)},${money(cents, ".")},EUR,${PAID_ON}\n`).join("");

/** A file of semicolons with a line at its end that counts. */
export const northBytes = (payments: readonly Payment[]) => {
  const lines = payments.map(({ id, cents }) => `${id};${invoice(id)};${money(cents, ",")};11.05.2026\n`);
  const sum = payments.reduce((total, { cents }) => total + cents, 0);
  const text = `Beleg;Rechnung;Betrag;Bezahlt am\n${lines.join("")}Summe;${payments.length};${money(sum, ",")};\n`;
  return Buffer.from(text, "latin1");
};

/** The manifest beside a packed file. */
export const manifestOf = (content: Uint8Array, records: number) =>
  Buffer.from(JSON.stringify({ records, sha256: createHash("sha256").update(content).digest("hex") }));

const manifestPath = (path: string) => path.replace(".csv.gz", ".json");

/** The bytes of a file and of what lies beside it, by path. */
function delivery({ path, payments }: Meant): [path: string, content: Uint8Array][] {
  if (path.includes("/north/")) return [[path, northBytes(payments)]];
  if (!path.endsWith(".gz")) return [[path, Buffer.from(acmeText(payments))]];
  const packed = gzipSync(acmeText(payments));
  return [
    [path, packed],
    [manifestPath(path), manifestOf(packed, payments.length)],
  ];
}

/** Whatever happens at the files while a run reads them, and how its engine differs. */
export interface Meanwhile {
  readonly engine?: Partial<Engine>;
  /** When they were listed and none of them is open yet. */
  listed?(): Promise<void>;
  /** When the first bytes of a file have come. */
  begun?: readonly [path: string, act: () => Promise<void>];
}

/** A house over files of three partners: one writes commas, one semicolons and a last line, one packs and sends a manifest. */
export interface FilesHouse extends AsyncDisposable {
  readonly house: SourcelessHouse;
  readonly shelf: Shelf;
  /** Delivers a file as it is meant, beside the others. */
  deliver(meant: Meant): Promise<void>;
  /** Means a file without delivering it; null for one that is meant no more. */
  mean(path: string, payments: readonly Payment[] | null): void;
  run(choice?: Partial<RunChoice>, meanwhile?: Meanwhile): Promise<Ended>;
  /** Staging holds the payments of all files as they are meant, each once, and nothing waits. */
  expectSame(): Promise<void>;
  /** The same, but for some files: all of their rows are there or none, or some where it is `parts`. */
  expectSameBut(paths: readonly string[], are: "whole" | "parts"): Promise<void>;
}

const SHIP = `      ship:
        manifest: { file: "{stem}.json", pattern: '"records":(?<count>\\d+),"sha256":"(?<sha256>[0-9a-f]{64})"' }
`;

function pipelineFolder(place: string): string {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(PARTNERS, directory, { recursive: true });
  const file = join(directory, "sources/partners.yaml");
  const text = readFileSync(file, "utf8").replace(/^location: .*$/m, place);
  writeFileSync(file, text.replace("      acme: {}\n", `      acme: {}\n${SHIP}`));
  return directory;
}

/** A request in the course of which something happens, and none of whose waits takes long. */
function amid(request: ExtractRequest, { listed, begun }: Meanwhile): ExtractRequest {
  async function* acting(path: string, bytes: AsyncIterable<Uint8Array>) {
    let act = begun?.[0] === path ? begun[1] : null;
    for await (const chunk of bytes) {
      yield chunk;
      await act?.();
      act = null;
    }
  }
  return {
    ...request,
    timer: fakeTimer(),
    state: async (feed) => {
      await listed?.();
      return request.state(feed);
    },
    evidence: (feed) => (path, bytes) => request.evidence(feed)(path, acting(path, bytes)),
  };
}

const expectedOf = (path: string, payments: readonly Payment[]) =>
  payments.map(({ id, cents }) => `${id} ${invoice(id)} ${money(cents, ".")} EUR ${PAID_ON} ${path}`);

async function stagedIn(house: SourcelessHouse): Promise<string[]> {
  const rows = await house.query(`select concat_ws(' ', remittance_id, invoice_id, amount, currency, paid_on, _scope) as text
    from staging.partners_remittances__rows where _deleted_at is null`);
  return rows.map(({ text }) => text ?? "");
}

/** Nothing is curated, which is a fifth of what a run costs. */
function uncurated(pipeline: Pipeline): Pipeline {
  const groups = [...pipeline.groups].map(([name, group]) => [name, { ...group, models: [] }] as const);
  return { ...pipeline, models: new Map(), groups: new Map(groups) };
}

/** Opens a house over a shelf that is empty at first. */
export async function openFilesHouse(shelf: Shelf): Promise<FilesHouse> {
  const directory = pipelineFolder(shelf.place);
  const reader = csvReader();
  const house = await openSourceless({
    env: {},
    load: (env) => uncurated(loadPipeline({ directory, env, kinds: [csvKind] }).pipeline),
    readerOf: async () => reader,
  });
  const meant = new Map<string, readonly Payment[]>();
  const mean = (path: string, payments: readonly Payment[] | null) => {
    if (payments === null) meant.delete(path);
    else meant.set(path, payments);
  };
  const expectSameBut = async (paths: readonly string[], are: "whole" | "parts") => {
    const isOfOthers = (text: string) => !paths.some((path) => text.endsWith(` ${path}`));
    const expected = [...meant].flatMap(([path, payments]) => expectedOf(path, payments));
    const staged = await stagedIn(house);
    expect(staged.filter(isOfOthers).sort()).toEqual(expected.filter(isOfOthers).sort());
    for (const path of are === "whole" ? paths : []) {
      const rows = staged.filter((text) => text.endsWith(` ${path}`)).length;
      expect([0, meant.get(path)?.length], `rows of ${path}`).toContain(rows);
    }
    const keys = staged.map((text) => text.split(" ")[0]);
    expect(new Set(keys).size, "no payment is there twice").toBe(keys.length);
  };
  return {
    house,
    shelf,
    mean,
    deliver: async (file) => {
      mean(file.path, file.payments);
      for (const [path, content] of delivery(file)) await shelf.put(path, content);
    },
    run: (choice = {}, { engine = {}, ...meanwhile } = {}) => {
      const readerOf: Engine["readerOf"] = async () => ({
        ...reader,
        extract: (request) => reader.extract(amid(request, meanwhile)),
      });
      return house.run(choice, { ...engine, readerOf });
    },
    expectSame: async () => {
      await expectSameBut([], "whole");
      expect(await house.query("select feed, source_key, scope, reasons from ops.open_quarantine")).toEqual([]);
    },
    expectSameBut,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await shelf.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
