import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { aroundObjects, atMoment } from "../../support/fuse.ts";
import { at, openPartnersHouse } from "../../support/partners-house.ts";
import { expectEnded, gatesOf } from "../conformance-subject.ts";

const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const line = (id: string, amount = "10.00") => `${id},I-${id},${amount},EUR,2026-05-11\n`;
const file = (...lines: string[]) => HEAD + lines.join("");
const [ONE, TWO] = ["remittances/acme/2026-05-11.csv", "remittances/acme/2026-05-12.csv"];

/** What the warnings about files say, by gate. */
const told = (ended: Awaited<ReturnType<Awaited<ReturnType<typeof openPartnersHouse>>["run"]>>) =>
  (ended.report?.gates ?? []).filter(({ name }) => name.startsWith("files_")).map(({ name, observed }) => `${name}: ${observed}`);

test("a new file is published; one that did not change is not read again, and an hour without changes writes no state", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1"), line("r2", "20.50")));
  expectEnded(await partners.run(), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 20.50 ${ONE}`]);
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.house.query("select number from ops.adapter_state")).toEqual([{ number: "1" }]);
  expect(await partners.house.query("select count(*) as n from ops.batch")).toEqual([{ n: "2" }]);
});

test("a key with other content is replaced whole: rows that are gone are tombstoned, waiting and malformed ones close", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1"), line("r2"), "r3,I-r3,-1,EUR,2026-05-11\n", "r4,too,few\n"));
  expectEnded(await partners.run(), "published");
  const open = () => partners.house.query("select count(*) as n from ops.open_quarantine");
  expect(await open()).toEqual([{ n: "2" }]);
  partners.put(ONE, file(line("r1"), line("r2", "25.00"), line("r5")), at("07:30"));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 25.00 ${ONE}`, `r5 10.00 ${ONE}`]);
  expect(await open()).toEqual([{ n: "0" }]);
});

test("a content that comes back is a change: compared is the version in force, not those before", async () => {
  await using partners = await openPartnersHouse();
  const [first, second] = [file(line("r1")), file(line("r1", "11.00"))];
  for (const [i, content] of [first, second, first].entries()) {
    partners.put(ONE, content, at(`0${i + 1}:00`));
    expectEnded(await partners.run(at(`0${i + 5}:00`)), "published");
  }
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
  partners.put(ONE, first, at("08:00"));
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.house.query("select count(*) as n from staging.partners_remittances__rows where _seq = 4")).toEqual([
    { n: "0" },
  ]);
});

test("the same content under another key is landed, not applied, and told; a file without records is never a copy", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  partners.put(TWO, file(line("r1")), at("06:30"));
  partners.put("remittances/acme/2026-05-13.csv", HEAD);
  partners.put("remittances/acme/2026-05-14.csv", HEAD);
  const ended = await partners.run();
  expectEnded(ended, "published");
  expect(told(ended)).toEqual([`files_repeated: not taken a second time: ${TWO} is ${ONE} again`]);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
  expect(Object.values(await partners.states())).toEqual(["in_force", "duplicate", "in_force", "in_force"]);
  expect(told(await partners.run(at("08:00")))).toEqual([]);
});

test("a copy's own rows are published when its original holds that content no more, in this run or an earlier one", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  partners.put(TWO, file(line("r1")), at("06:30"));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, file(line("r9")), at("07:30"));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${TWO}`, `r9 10.00 ${ONE}`]);
  partners.put(TWO, file(line("r9")), at("08:30"));
  partners.put(ONE, file(line("r7")), at("08:40"));
  expectEnded(await partners.run(at("09:00")), "published");
  expect(await partners.published()).toEqual([`r7 10.00 ${ONE}`, `r9 10.00 ${TWO}`]);
});

test("a file whose new content is another's keeps none of its rows", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  partners.put(TWO, file(line("r2")), at("06:30"));
  expectEnded(await partners.run(), "published");
  partners.put(TWO, file(line("r1")), at("07:30"));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
});

test("written to just now: left for the next run, and told", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")), at("06:59"));
  const early = await partners.run(new Date(at("06:59").getTime() + 30_000));
  expectEnded(early, "published");
  expect(told(early)).toEqual([`files_waiting: left for the next run: written to just now: ${ONE}`]);
  expect(await partners.published()).toEqual([]);
  expectEnded(await partners.run(), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
});

test("written to while it is read: nothing of it in this run, all of it in the next", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  const appending = atMoment({ kind: "objects", what: "putByDigest", at: 1, when: "before" }, () => {
    appendFileSync(join(partners.folder, ONE), line("r2"));
  });
  const { house } = partners;
  const objects = aroundObjects(house.engine.objects, appending);
  const ended = await house.run({}, { objects, clock: { now: () => at("07:00") } });
  expectEnded(ended, "published");
  expect(told(ended)).toEqual([`files_waiting: left for the next run: changed while it was read: ${ONE}`]);
  expect(await house.query("select count(*) as n from ops.adapter_state")).toEqual([{ n: "0" }]);
  partners.put(ONE, file(line("r1"), line("r2")));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 10.00 ${ONE}`]);
});

test("a file that is no more is recorded and told, its rows stay; one that returns is as it was", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  partners.put(TWO, file(line("r2")));
  expectEnded(await partners.run(), "published");
  partners.remove(ONE);
  const gone = await partners.run(at("08:00"));
  expectEnded(gone, "published");
  expect(told(gone)).toEqual([`files_gone: 1 file no more where it was, its rows stay: ${ONE}`]);
  expect(await partners.states()).toEqual({ [ONE]: "in_force, gone", [TWO]: "in_force" });
  expect(told(await partners.run(at("09:00")))).toEqual([]);
  partners.put(ONE, file(line("r1")));
  expectEnded(await partners.run(at("10:00")), "published");
  expect(await partners.states()).toEqual({ [ONE]: "in_force", [TWO]: "in_force" });
  expectEnded(await partners.run(at("11:00"), { full: true, reason: "test" }), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 10.00 ${TWO}`]);
});

test("a folder that is empty or away takes no row back", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  expectEnded(await partners.run(), "published");
  partners.remove(ONE);
  expectEnded(await partners.run(at("08:00"), { full: true, reason: "test" }), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`]);
});

test("a stopped file is told by every run while the others are published; rows of its version in force stay", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, `invoice_id,remittance,amount,currency,paid_on\n${line("x")}`, at("07:30"));
  partners.put(TWO, file(line("r2")));
  const stopped = await partners.run(at("08:00"));
  expectEnded(stopped, "published");
  expect(told(stopped)[0]).toMatch(
    /^files_stopped: 1 file stopped, no row of it is taken: remittances\/acme\/2026-05-11.csv \(none of its/,
  );
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 10.00 ${TWO}`]);
  expect(told(await partners.run(at("09:00")))).toHaveLength(1);
  partners.put(ONE, file(line("r1", "12.00")), at("09:30"));
  expect(told(await partners.run(at("10:00")))).toEqual([]);
  expect(await partners.published()).toEqual([`r1 12.00 ${ONE}`, `r2 10.00 ${TWO}`]);
});

test("layouts are chosen by partner and by exact header; a partner without one is stopped", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, "ref,invoice_id,amount,currency,paid_on\nr1,I-1,10.00,EUR,2026-05-11\n");
  const german = 'Beleg;Rechnung;Betrag;Bezahlt am\n"Müll";I-2;1.234,50;11.05.2026\nSumme;1;1.234,50;\n';
  partners.put("remittances/north/2026-05-11.csv", Buffer.from(german, "latin1"));
  partners.put("remittances/south/2026-05-11.csv", file(line("r3")));
  const ended = await partners.run();
  expectEnded(ended, "published");
  expect(told(ended)).toEqual([
    "files_stopped: 1 file stopped, no row of it is taken: remittances/south/2026-05-11.csv (no layout is declared for the partner south)",
  ]);
  expect(await partners.published()).toEqual(["Müll 1234.50 remittances/north/2026-05-11.csv", `r1 10.00 ${ONE}`]);
});

test("who counted is said: a trailer where every file has one, else nobody", async () => {
  await using partners = await openPartnersHouse();
  const witness = async (time: string) =>
    gatesOf(await partners.run(at(time)), "control_totals").map((g) => [g.verdict, g.limit]);
  const north = "Beleg;Rechnung;Betrag;Bezahlt am\nn1;I-2;10,50;11.05.2026\nn2;I;few\nSumme;2;10,50;\n";
  partners.put("remittances/north/2026-05-11.csv", north);
  expect(await witness("07:00")).toEqual([["pass", "equal to the sender's trailer, 0 off"]]);
  partners.put(ONE, file(line("r1")));
  expect(await witness("08:00")).toEqual([["warn", "reported: nobody counted"]]);
  partners.put("remittances/north/2026-05-12.csv", north.replace("Summe;2", "Summe;3").replaceAll("n1", "n3"));
  expect(told(await partners.run(at("09:00")))[0]).toContain("its last line counts 3 records where it has 2");
});

test("gzip is unpacked; a copy that is packed otherwise is a copy", async () => {
  await using partners = await openPartnersHouse();
  partners.put(`${ONE}.gz`, gzipSync(file(line("r1"))));
  partners.put(TWO, file(line("r1")), at("06:30"));
  expect(told(await partners.run())).toEqual([`files_repeated: not taken a second time: ${TWO} is ${ONE}.gz again`]);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}.gz`]);
});

test("files that no pattern fits are told, so that none is overlooked", async () => {
  await using partners = await openPartnersHouse();
  partners.put("remittances/acme/2026-05-11.CSV", file(line("r1")));
  partners.put("remittances/acme/2026-02-30.csv", file(line("r2")));
  partners.put("remittances/acme/2026-05-11.xlsx", "PK");
  partners.put("elsewhere/readme.txt", "not a feed's");
  const [says = ""] = told(await partners.run());
  expect(says).toContain("files_unknown: 3 files that no pattern of a feed fits");
});

test("a key that two files have: the published one keeps it, the other waits", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  expectEnded(await partners.run(), "published");
  partners.put(TWO, file(line("r1", "99.00"), line("r2")));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r2 10.00 ${TWO}`]);
  expect(await partners.house.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "1" }]);
});

test("a line that is inserted at the top moves no row: records are known by their content", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1"), line("r2")));
  expectEnded(await partners.run(), "published");
  partners.put(ONE, file(line("r0"), line("r1"), line("r2")), at("07:30"));
  expectEnded(await partners.run(at("08:00")), "published");
  expect(
    await partners.house.query("select _seq, count(*) as n from staging.partners_remittances__rows group by all order by all"),
  ).toEqual([
    { _seq: "1", n: "2" },
    { _seq: "2", n: "1" },
  ]);
});

test("an added column follows the drift policy of the file that has it", async () => {
  await using partners = await openPartnersHouse();
  partners.put(ONE, file(line("r1")));
  expectEnded(await partners.run(), "published");
  const wider = "remittance,invoice_id,amount,currency,paid_on,note\nr2,I-2,5.00,EUR,2026-05-12,hello\n";
  partners.put(TWO, wider);
  const { house } = partners;
  const strict = { ...house.pipeline, drift: { ...house.pipeline.drift, added: "stop" as const } };
  const stopped = await house.run({}, { pipeline: strict, reread: () => strict, clock: { now: () => at("08:00") } });
  expectEnded(stopped, "published");
  expect(told(stopped)[0]).toContain("its header has columns that the layout does not name: note");
  partners.put(TWO, wider.replaceAll("r2", "r3"), at("09:00"));
  const ended = await partners.run(at("10:00"));
  expectEnded(ended, "published");
  expect(gatesOf(ended, "drift").map((g) => g.verdict)).toEqual(["warn"]);
  expect(await partners.published()).toEqual([`r1 10.00 ${ONE}`, `r3 5.00 ${TWO}`]);
});
