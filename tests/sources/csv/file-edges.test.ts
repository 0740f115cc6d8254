import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPipeline } from "../../../src/config/load.ts";
import { csvKind } from "../../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../../src/sources/csv/csv-reader.ts";
import type { SourceReader } from "../../../src/sources/source.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../../support/partners-house.ts";
import { expectEnded, gatesOf } from "../conformance-subject.ts";

const KEY = "source_key: [remittance_id]";
const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const line = (id: string, amount = "10.00") => `${id},I-${id},${amount},EUR,2026-05-11\n`;
const file = (...lines: string[]) => HEAD + lines.join("");
const day = (n: number) => `remittances/acme/2026-05-1${n}.csv`;
const [FIRST, SECOND, THIRD] = [day(1), day(2), day(3)];
const NORTH = "remittances/north/2026-05-11.csv";
const north = (count: number, id: string) =>
  `Beleg;Rechnung;Betrag;Bezahlt am\n${id};I-1;10,50;11.05.2026\nSumme;${count};10,50;\n`;
const waits = (partners: PartnersHouse) => partners.house.query("select source_key, scope from ops.open_quarantine order by all");

/** A run after somebody changed the pipeline: keys of the feed, its source file, its contract. */
function runChanged(
  partners: PartnersHouse,
  hour: string,
  change: { keys?: string; source?: (text: string) => string; contract?: (text: string) => string },
) {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-changed-"));
  cpSync(join(import.meta.dirname, "../../fixtures/pipelines/partners"), directory, { recursive: true });
  const rewrite = (path: string, to: (text: string) => string) =>
    writeFileSync(join(directory, path), to(readFileSync(join(directory, path), "utf8")));
  rewrite("sources/partners.yaml", (text) =>
    (change.source ?? String)(text.replace("    business_key:", `    ${change.keys ?? KEY}\n    business_key:`)),
  );
  rewrite("contracts/partners.remittances.odcs.yaml", change.contract ?? String);
  const load = () => loadPipeline({ directory, env: partners.house.env, kinds: [csvKind] }).pipeline;
  return partners.house.run({}, { pipeline: load(), reread: load, clock: { now: () => at(hour) } });
}

test("the newest file's bad row waits on, whatever an older file says again", async () => {
  await using partners = await openPartnersHouse(KEY);
  partners.put(FIRST, file(line("r1", "10.00")));
  await partners.run();
  partners.put(SECOND, file(line("r1", "-1.00")), at("07:10"));
  await partners.run(at("08:00"));
  expect(await waits(partners)).toEqual([{ source_key: "r1", scope: SECOND }]);
  partners.put(FIRST, file(line("r1", "10.00"), line("more")), at("08:10"));
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await waits(partners)).toEqual([{ source_key: "r1", scope: SECOND }]);
});

test("the same by a replay of the older batch", async () => {
  await using partners = await openPartnersHouse(KEY);
  partners.put(FIRST, file(line("r1", "10.00")));
  await partners.run();
  const [{ batch_id: batch = "" } = {}] = await partners.house.query("select batch_id from ops.batch");
  partners.put(SECOND, file(line("r1", "-1.00")), at("07:10"));
  await partners.run(at("08:00"));
  expectEnded(await partners.house.run({ replay: batch, reason: "test" }, { clock: { now: () => at("09:00") } }), "published");
  expect(await waits(partners)).toEqual([{ source_key: "r1", scope: SECOND }]);
});

test("a key that a file loses is another file's again, or the run says that it cannot know: a column was added to the contract", async () => {
  await using partners = await openPartnersHouse(KEY);
  partners.put(FIRST, file(line("r1", "10.00")));
  partners.put(SECOND, file(line("r1", "20.00"), line("r2")));
  await partners.run();
  partners.put(SECOND, "remittance,invoice_id,amount,currency,note,paid_on\nr2,I-2,1.00,EUR,n,2026-05-11\n", at("07:10"));
  const contract = (text: string) =>
    text
      .replace("version: 1.0.0", "version: 1.1.0")
      .replace("      - { name: paid_on", "      - { name: note, logicalType: string }\n      - { name: paid_on");
  const ended = await runChanged(partners, "08:00", { contract });
  expect(ended.failure ?? (await partners.published())).toContain(`r1 10.00 ${FIRST}`);
});

test("the same: a layout was changed in place", async () => {
  await using partners = await openPartnersHouse(KEY);
  partners.put(FIRST, file(line("r1", "10.00")));
  partners.put(SECOND, file(line("r1", "20.00"), line("r2")));
  await partners.run();
  partners.put(SECOND, file(line("r2")).replaceAll(",", ";"), at("07:10"));
  const ended = await runChanged(partners, "08:00", { source: (text) => text.replace("acme: {}", 'acme: { delimiter: ";" }') });
  expect(ended.failure ?? (await partners.published())).toContain(`r1 10.00 ${FIRST}`);
});

test("a file whose trailer somebody accepted can speak for its keys again", async () => {
  await using partners = await openPartnersHouse(`${KEY}\n    required: false`);
  partners.put(NORTH, north(2, "r1"));
  await partners.run();
  await partners.decide("accept", NORTH);
  expectEnded(await partners.run(at("08:00")), "published");
  partners.put(SECOND, file(line("r1", "20.00"), line("r2")), at("08:10"));
  expectEnded(await partners.run(at("09:00")), "published");
  partners.put(SECOND, file(line("r2")), at("09:10"));
  expectEnded(await partners.run(at("10:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.50 ${NORTH}`, `r2 10.00 ${SECOND}`]);
});

test("a partner whose layout is removed does not stop the runs of everybody, least of all of an optional feed", async () => {
  const keys = `${KEY}\n    required: false`;
  await using partners = await openPartnersHouse(keys);
  partners.put(NORTH, north(1, "n1"));
  partners.put(FIRST, file(line("r1"), line("r2")));
  await partners.run();
  partners.put(FIRST, file(line("r1")), at("07:10"));
  expectEnded(
    await runChanged(partners, "08:00", { keys, source: (text) => text.slice(0, text.indexOf("      north:")) }),
    "published",
  );
});

test("a file whose name is not UTF-8 is taken or told", async () => {
  await using partners = await openPartnersHouse();
  partners.put(FIRST, file(line("r1")));
  const path = Buffer.concat([
    Buffer.from(join(partners.folder, "remittances/acme/2026-05-12-M")),
    Buffer.from([0xfc]),
    Buffer.from("ller.csv"),
  ]);
  writeFileSync(path, file(line("r2")));
  utimesSync(path, at("06:00"), at("06:00"));
  const ended = await partners.run();
  const told = gatesOf(ended, "files_unknown").length + gatesOf(ended, "files_waiting").length;
  expect(told + (await partners.published()).length).toBe(2);
});

test("a folder that is a symbolic link is read or told", async () => {
  await using partners = await openPartnersHouse();
  partners.put(FIRST, file(line("r1")));
  partners.put("elsewhere/2026-05-11.csv", file(line("r2")));
  symlinkSync("../elsewhere", join(partners.folder, "remittances/acme_2025"));
  const ended = await partners.run();
  const told = (ended.report?.gates ?? []).filter(({ name }) => name.startsWith("files_")).length;
  expect(told + (await partners.published()).length).toBe(2);
});

test("an accepted copy is no reason to take a third copy", async () => {
  await using partners = await openPartnersHouse();
  for (const path of [FIRST, SECOND, THIRD]) partners.put(path, file(line("r1")));
  await partners.run();
  await partners.decide("accept", SECOND);
  await partners.run(at("08:00"));
  partners.put(FIRST, file(line("r5")), at("08:40"));
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${SECOND}`, `r5 10.00 ${FIRST}`]);
});

test("a copy that was archived before its original was overwritten is not lost without a word", async () => {
  await using partners = await openPartnersHouse();
  partners.put(FIRST, file(line("r1")));
  partners.put(SECOND, file(line("r1")));
  await partners.run();
  partners.remove(SECOND);
  await partners.run(at("08:00"));
  partners.put(FIRST, file(line("r9")), at("08:10"));
  const ended = await partners.run(at("09:00"));
  const told = (ended.report?.gates ?? []).filter(({ name }) => name.startsWith("files_")).map(({ observed }) => observed);
  expect([...(await partners.published()), ...told].join()).toContain(SECOND);
});

test("a link to itself holds no other file up", async () => {
  await using partners = await openPartnersHouse();
  partners.put(FIRST, file(line("r1")));
  symlinkSync("2026-05-19.csv", join(partners.folder, "remittances/acme/2026-05-19.csv"));
  expectEnded(await partners.run(), "published");
});

test("a file that cannot be read does not eat the budget of every run", async () => {
  await using partners = await openPartnersHouse("", (text) => text.replace("kind: csv", "kind: csv\nbudget: { requests: 1 }"));
  mkdirSync(join(partners.folder, "remittances/acme"), { recursive: true });
  symlinkSync("/proc/self/mem", join(partners.folder, "remittances/acme/2026-05-10.csv"));
  partners.put(SECOND, file(line("r1")));
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  for (const hours of [1, 2, 3]) await partners.run(later(hours));
  expect(await partners.published()).toEqual([`r1 10.00 ${SECOND}`]);
});

const manifest = (pattern: string) => (text: string) =>
  text.replace("layouts:", `layouts:\n      south:\n        manifest: { file: "{stem}.json", pattern: '${pattern}' }`);
const SOUTH = "remittances/south/2026-05-11.csv";

test("what is offered to be accepted is followed when it is", async () => {
  await using partners = await openPartnersHouse("", manifest("sha=(?<sha256>[0-9a-f]+)"));
  partners.put(SOUTH, file(line("r1")));
  partners.put("remittances/south/2026-05-11.json", "sha=00ff");
  await partners.run();
  const isAccepted = await partners.decide("accept", SOUTH).then(
    () => true,
    () => false,
  );
  const ended = await partners.run(at("08:00"));
  expect(gatesOf(ended, "files_stopped").length).toBe(isAccepted ? 0 : 1);
});

test("a manifest that is taken away later opens nothing: its file is in force as it was", async () => {
  await using partners = await openPartnersHouse("", manifest("records=(?<count>\\d+)"));
  partners.put(SOUTH, file(line("r1")));
  partners.put("remittances/south/2026-05-11.json", "records=1");
  await partners.run();
  partners.remove("remittances/south/2026-05-11.json");
  for (const hour of ["08:00", "09:00"]) expect(gatesOf(await partners.run(at(hour)), "files_waiting")).toEqual([]);
});

test("with a second layout that wants none, a file without its manifest waits and is not stopped for its header", async () => {
  const second =
    "\n      south_plain:\n        partner: south\n        columns: [{ header: id, column: remittance_id }, { header: invoice_id }, { header: amount }, { header: currency }, { header: paid_on }]";
  const layouts = (text: string) => manifest("records=(?<count>\\d+)")(text).replace(/(records=.*)/, `$1${second}`);
  await using partners = await openPartnersHouse("", layouts);
  partners.put(SOUTH, file(line("r1")));
  const early = await partners.run();
  expect(gatesOf(early, "files_stopped").map((g) => g.observed)).toEqual([]);
});

test("the file of a day that is published is not missing because a later version of it was rejected", async () => {
  await using partners = await openPartnersHouse('calendar: { zone: Europe/Berlin, since: "2026-05-12", due: "09:00" }');
  partners.put(SECOND, file(line("r1")));
  partners.put("remittances/north/2026-05-12.csv", north(1, "n1"));
  expect(gatesOf(await partners.run(), "file_due")).toEqual([]);
  partners.put(SECOND, "nothing,useful\n1,2\n", at("07:10"));
  await partners.run(at("08:00"));
  await partners.decide("reject", SECOND);
  expect(gatesOf(await partners.run(at("09:00")), "file_due").map((g) => g.observed)).toEqual([]);
});

test("a calendar whose first day is none is refused", async () => {
  const keys = 'calendar: { zone: Europe/Berlin, since: "2026-04-31", due: "09:00" }';
  const opened = await openPartnersHouse(keys).catch(() => null);
  if (opened === null) return;
  await using partners = opened;
  expect(gatesOf(await partners.run(at("12:00")), "file_due")).not.toEqual([]);
});

test("a manifest is found for every name", async () => {
  await using partners = await openPartnersHouse("", manifest("records=(?<count>\\d+)"));
  partners.put("remittances/south/2026-05-11$$.csv", file(line("r1")));
  partners.put("remittances/south/2026-05-11$$.json", "records=1");
  await partners.run();
  expect(await partners.published()).toEqual(["r1 10.00 remittances/south/2026-05-11$$.csv"]);
});

test("rows that the warehouse counts otherwise than the reader stop the run, also those of an optional feed", async () => {
  await using partners = await openPartnersHouse("required: false");
  partners.put(FIRST, file(line("a"), line("b")));
  const reader = csvReader();
  const miscounting: SourceReader = {
    ...reader,
    extract: async (request) => {
      const { extracts, ...more } = await reader.extract(request);
      const files = ({ files: of }: (typeof extracts)[number]) => of.map((one) => ({ ...one, rows: one.rows + 1 }));
      return { ...more, extracts: extracts.map((extract) => ({ ...extract, files: files(extract) })) };
    },
  };
  const ended = await partners.house.run({}, { readerOf: async () => miscounting, clock: { now: () => at("07:00") } });
  expect(ended.failure).toMatchObject({ kind: "incomplete", exitCode: 20 });
  expect(ended.failure?.message).toContain("read 2 rows of row files into which this program wrote 3");
  expect(await partners.published()).toEqual([]);
});
