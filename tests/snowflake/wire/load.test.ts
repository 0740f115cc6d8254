import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { packParquet } from "../../../src/warehouse/duckdb/pack-parquet.ts";
import type { RawBatch, RawFile, Session } from "../../../src/warehouse/warehouse.ts";
import { failureOf, openSession, shape } from "./session.ts";
import { Stub } from "./stub.ts";
import { copied, cutAfter, refuse, uploadTo } from "./turns.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-load-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let stub: Stub;
let session: Session;
let released: string[];
const mask = process.umask();

beforeEach(async () => {
  released = [];
  stub = await Stub.start();
  stub.always(/^PUT/, () =>
    uploadTo({ locationType: "GCS", location: "bucket/stage/", creds: { GCS_ACCESS_TOKEN: "storage-token" } }),
  );
  stub.always(/^COPY/, () => copied([{ file: "ledgerloop_upload/app__entries/0/part", loaded: 2 }]));
  session = await openSession(stub);
});

afterEach(async () => {
  await session.close();
  await stub[Symbol.asyncDispose]();
  expect(process.umask()).toBe(mask);
});

function file(name: string, rows: number, path = join(folder, name)): RawFile {
  const key = `landing/app/entries/run_1/${name}`;
  if (!name.startsWith("no-")) writeFileSync(path, "id,amount\n1,100\n2,200\n");
  const local = async () => ({ path, release: async () => void released.push(name) });
  return { key, rows, bytes: 22, url: `s3://bucket/team/${key}`, local };
}

const batch = (...files: RawFile[]): RawBatch => ({
  feed: "app.entries",
  relation: "app__entries",
  batchId: "b_1",
  columns: ["id", "amount"],
  files,
});

const words = () => stub.asked.map((sql) => sql.split(/[ (]/, 2).join(" "));

describe("by upload", () => {
  test("each file is packed, put into a folder of its own and copied; empty files are left out", async () => {
    await session.close();
    session = await openSession(stub, { pack: packParquet });
    await session.loadRaw(batch(file("part-000.csv", 2), file("empty.csv", 0), file("part-001.csv", 2)));
    const each = [expect.stringMatching(/^PUT/), "COPY INTO"];
    expect(words().slice(-6)).toEqual(["CREATE OR", "CREATE TEMPORARY", ...each, ...each]);
    expect(stub.count("object")).toBe(2);
    expect(released).toEqual(["part-000.csv", "part-001.csv"]);
    expect(session.usage().bytes).toBeGreaterThan(100);
    expect(stub.statements.filter((sql) => sql.startsWith("PUT")).map((sql) => sql.replace(/file:.*parquet/, "…"))).toEqual([
      "PUT '…' @LEDGERLOOP_UPLOAD/app__entries/0 AUTO_COMPRESS=FALSE OVERWRITE=TRUE",
      "PUT '…' @LEDGERLOOP_UPLOAD/app__entries/1 AUTO_COMPRESS=FALSE OVERWRITE=TRUE",
    ]);
  });

  test("a PUT that names NONE as its compression fails in the driver (3.3.0), so none is named", async () => {
    const [path, sql] = [
      join(folder, "plain.csv"),
      (path: string) => `PUT 'file://${path}' @S AUTO_COMPRESS=FALSE SOURCE_COMPRESSION=NONE`,
    ];
    writeFileSync(path, "1");
    expect(shape(await failureOf(session.rows({ name: "t", sql: sql(path) })))).toEqual(["internal", "snowflake.driver"]);
  });

  const GONE = { name: "no-such.csv" };
  const FOLDER = { name: "no-file.csv", path: folder };
  const PLAIN = { name: "part-000.csv" };

  test.each([
    ["the storage refuses it", { storage: 403, ...PLAIN }],
    ["the storage fails", { storage: 500, ...PLAIN }],
    ["the local file is gone", GONE],
    ["the driver gives up before it has a status, which is a row without one", FOLDER],
    ["the stage is of a kind that the driver does not know", { stage: { locationType: "TAPE" }, ...PLAIN }],
  ] as readonly [string, { name: string; path?: string; storage?: number; stage?: Record<string, string> }][])(
    "%s: exit 40, nothing is copied, the local file is released",
    async (_, { name, path, storage = 200, stage }) => {
      stub.storage = storage;
      if (stage) stub.on(/^PUT/, uploadTo(stage));
      const failure = await failureOf(session.loadRaw(batch(file(name, 2, path))));
      expect(shape(failure)).toEqual(["retryable", "snowflake.upload"]);
      expect(failure.message).toContain(`run_1/${name}`);
      expect(failure.message).not.toMatch(/storage-token|tmp/);
      expect(stub.count("statement", /^COPY/)).toBe(0);
      expect(released).toEqual([name]);
    },
  );

  test("a PUT that Snowflake itself refuses is what it says, not a failed upload", async () => {
    stub.on(/^PUT/, refuse("003001", "Insufficient privileges to operate on stage", "42501"));
    expect(shape(await failureOf(session.loadRaw(batch(file("part-000.csv", 2)))))).toEqual(["usage", "snowflake.right_missing"]);
  });

  test("a stage on this machine, for which the driver clears the umask: it is as before, also when the upload fails", async () => {
    stub.on(/^PUT/, uploadTo({ locationType: "LOCAL_FS", location: join(folder, "stage") }));
    await session.loadRaw(batch(file("part-000.csv", 2)));
    expect(process.umask()).toBe(mask);
    writeFileSync(join(folder, "no-folder"), "");
    stub.on(/^PUT/, uploadTo({ locationType: "LOCAL_FS", location: join(folder, "no-folder/stage") }));
    expect(shape(await failureOf(session.loadRaw(batch(file("part-000.csv", 2)))))).toEqual(["retryable", "snowflake.upload"]);
    expect(process.umask()).toBe(mask);
  });

  test.each([
    ["fewer rows", copied([{ file: "part-000.csv", loaded: 1 }]), "1 rows"],
    ["more rows", copied([{ file: "part-000.csv", loaded: 3 }]), "3 rows"],
    ["half of the file", copied([{ file: "part-000.csv", loaded: 2, status: "PARTIALLY_LOADED" }]), "0 (PARTIALLY_LOADED)"],
    ["no file", copied([]), "0 (not named)"],
  ])("COPY loads %s than the manifest says: exit 20", async (_, turn, says) => {
    stub.on(/^COPY/, turn);
    const failure = await failureOf(session.loadRaw(batch(file("part-000.csv", 2))));
    expect(shape(failure)).toEqual(["incomplete", "snowflake.load"]);
    expect(failure.message).toContain(says);
  });

  test("the answer to COPY is lost and it is sent again: exit 40, since rows may be there twice", async () => {
    stub.on(/^COPY/, cutAfter(copied([{ file: "part-000.csv", loaded: 2 }])));
    expect(shape(await failureOf(session.loadRaw(batch(file("part-000.csv", 2)))))).toEqual([
      "retryable",
      "snowflake.sent_twice",
    ]);
  });

  test("a malformed file: its values are not repeated, its query is named", async () => {
    const says =
      "Field delimiter ',' found while expecting record delimiter '\\n'\n  File 'x.csv', line 3\n  Row 1, column \"T\"[\"NAME\":1] Ann O'Hara";
    stub.on(/^COPY/, refuse("100016", says, "22000"));
    const failure = await failureOf(session.loadRaw(batch(file("part-000.csv", 2))));
    expect(failure.message).toContain("a landed file has another form than its format says (100016, query query-");
    expect(failure.message).not.toMatch(/Ann|Hara|NAME/);
  });
});

describe("through the external stage", () => {
  beforeEach(async () => {
    await session.close();
    session = await openSession(stub, { settings: { load: "stage" } });
  });

  const staged = (...names: readonly string[]) =>
    names.map((name) => ({ file: `s3://bucket/team/landing/app/entries/run_1/${name}`, loaded: 2 }));

  test("one COPY names the files, and each is answered for by its whole name", async () => {
    stub.on(/^COPY/, copied([...staged("11.csv", "1.csv").map((f, i) => ({ ...f, loaded: i + 1 }))]));
    await session.loadRaw(batch(file("1.csv", 2), file("11.csv", 1), file("empty.csv", 0)));
    const copy = stub.statements.find((sql) => sql.startsWith("COPY")) ?? "";
    expect(copy).toContain("FILES = ('landing/app/entries/run_1/1.csv', 'landing/app/entries/run_1/11.csv')");
    expect(copy).toContain("SUBSTR(METADATA$FILENAME, 6)");
    expect(stub.count("statement", /^PUT/)).toBe(0);
  });

  test.each([
    ["a file that is not named", staged("1.csv")],
    ["a file with fewer rows", [...staged("1.csv"), { file: "landing/app/entries/run_1/11.csv", loaded: 0 }]],
    ["a file of another run", [...staged("1.csv"), { file: "landing/app/entries/run_0/11.csv", loaded: 1 }]],
  ])("%s: exit 20", async (_, answer) => {
    stub.on(/^COPY/, copied(answer));
    const failure = await failureOf(session.loadRaw(batch(file("1.csv", 2), file("11.csv", 1))));
    expect(shape(failure)).toEqual(["incomplete", "snowflake.load"]);
    expect(failure.message).toContain("run_1/11.csv");
  });
});
