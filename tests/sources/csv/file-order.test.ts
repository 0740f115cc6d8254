import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../../support/cases.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../../support/partners-house.ts";
import { expectEnded } from "../conformance-subject.ts";

const open = () => openPartnersHouse("source_key: [remittance_id]");
const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const line = (id: string, amount: number) => `${id},I-${id},${amount.toFixed(2)},EUR,2026-05-11\n`;
const file = (...lines: string[]) => HEAD + lines.join("");
const day = (n: number) => `remittances/acme/2026-05-1${n}.csv`;
const [FIRST, SECOND, THIRD] = [day(1), day(2), day(3)];

async function expectRun(partners: PartnersHouse, hour: string): Promise<void> {
  expectEnded(await partners.run(at(hour)), "published");
}

test("of two files with one key the later one wins, in one run and in two, whichever comes first", async () => {
  const both = [`r1 20.00 ${SECOND}`, `r2 5.00 ${FIRST}`];
  const contents = { [FIRST]: file(line("r1", 10), line("r2", 5)), [SECOND]: file(line("r1", 20)) };
  for (const arrivals of [[[FIRST, SECOND]], [[FIRST], [SECOND]], [[SECOND], [FIRST]]]) {
    await using partners = await open();
    for (const [i, paths] of arrivals.entries()) {
      for (const path of paths) partners.put(path, contents[path] ?? "");
      await expectRun(partners, `0${7 + i}:00`);
    }
    expect(await partners.published()).toEqual(both);
  }
});

test("files of one day are ordered by when they were written", async () => {
  await using partners = await open();
  partners.put("remittances/acme/2026-05-11-b.csv", file(line("r1", 10)), at("05:00"));
  partners.put("remittances/acme/2026-05-11-a.csv", file(line("r1", 20)), at("06:00"));
  await expectRun(partners, "07:00");
  expect(await partners.published()).toEqual(["r1 20.00 remittances/acme/2026-05-11-a.csv"]);
});

test("a key that the winning file loses is the next file's again; it is gone when no file has it", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", 10)));
  partners.put(SECOND, file(line("r1", 20), line("r2", 1)));
  partners.put(THIRD, file(line("r1", 30), line("r3", 1)));
  await expectRun(partners, "07:00");
  expect(await partners.published()).toEqual([`r1 30.00 ${THIRD}`, `r2 1.00 ${SECOND}`, `r3 1.00 ${THIRD}`]);
  partners.put(THIRD, file(line("r3", 1)), at("07:10"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([`r1 20.00 ${SECOND}`, `r2 1.00 ${SECOND}`, `r3 1.00 ${THIRD}`]);
  partners.put(SECOND, file(line("r2", 1)), at("08:10"));
  await expectRun(partners, "09:00");
  expect(await partners.published()).toEqual([`r1 10.00 ${FIRST}`, `r2 1.00 ${SECOND}`, `r3 1.00 ${THIRD}`]);
  partners.put(FIRST, file(line("r9", 1)), at("09:10"));
  await expectRun(partners, "10:00");
  expect(await partners.published()).toEqual([`r2 1.00 ${SECOND}`, `r3 1.00 ${THIRD}`, `r9 1.00 ${FIRST}`]);
});

test("a key that comes again after its file lost it is published again, from an earlier file too", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r9", 1)));
  partners.put(SECOND, file(line("r1", 20)));
  await expectRun(partners, "07:00");
  partners.put(SECOND, file(line("r2", 1)), at("07:10"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([`r2 1.00 ${SECOND}`, `r9 1.00 ${FIRST}`]);
  partners.put(FIRST, file(line("r1", 10), line("r9", 1)), at("08:10"));
  await expectRun(partners, "09:00");
  expect(await partners.published()).toEqual([`r1 10.00 ${FIRST}`, `r2 1.00 ${SECOND}`, `r9 1.00 ${FIRST}`]);
});

test("a file that is put back with an older date of writing is another version all the same", async () => {
  await using partners = await open();
  partners.put("remittances/acme/2026-05-11-a.csv", file(line("r1", 10)), at("05:00"));
  partners.put("remittances/acme/2026-05-11-b.csv", file(line("r1", 20), line("r2", 2)), at("06:00"));
  await expectRun(partners, "07:00");
  partners.put("remittances/acme/2026-05-11-b.csv", file(line("r1", 30), line("r2", 3)), at("04:00"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([
    "r1 10.00 remittances/acme/2026-05-11-a.csv",
    "r2 3.00 remittances/acme/2026-05-11-b.csv",
  ]);
});

test("a row that a later file repeats is the later file's from then on, with the way back to its bytes there", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r0", 1), line("r1", 10)));
  await expectRun(partners, "07:00");
  partners.put(SECOND, file(line("r1", 10)));
  await expectRun(partners, "08:00");
  const rows = await partners.house.query(
    "select s._scope, s._position, b.number from staging.partners_remittances__rows s join ops.batch b on b.batch_id = s._batch_id where remittance_id = 'r1'",
  );
  expect(rows).toEqual([{ _scope: SECOND, _position: "1@46+28", number: "2" }]);
});

test("two contents of a key in one file both wait", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", 10), line("r1", 11), line("r2", 5)));
  await expectRun(partners, "07:00");
  expect(await partners.published()).toEqual([`r2 5.00 ${FIRST}`]);
  expect(await partners.house.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "2" }]);
});

test("a newest row that is bad waits, releases no older one, and closes with its file's next version", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", 10)));
  partners.put(SECOND, file(line("r1", -1)));
  await expectRun(partners, "07:00");
  expect(await partners.published()).toEqual([]);
  partners.put(SECOND, file(line("r2", 1)), at("07:10"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([`r1 10.00 ${FIRST}`, `r2 1.00 ${SECOND}`]);
  expect(await partners.house.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "0" }]);
});

test("a file that becomes the copy of another gives its keys back", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", 10)));
  partners.put(SECOND, file(line("r1", 20)));
  partners.put(THIRD, file(line("r3", 1)));
  await expectRun(partners, "07:00");
  partners.put(SECOND, file(line("r3", 1)), at("07:10"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([`r1 10.00 ${FIRST}`, `r3 1.00 ${THIRD}`]);
});

test("a key that its file lost, and of which an earlier file has a bad record, is gone until that is good", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", -1), line("r2", -1)));
  partners.put(SECOND, file(line("r1", 20), line("r2", 20), line("r5", 5)));
  await expectRun(partners, "07:00");
  expect(await partners.published()).toEqual([`r1 20.00 ${SECOND}`, `r2 20.00 ${SECOND}`, `r5 5.00 ${SECOND}`]);
  partners.put(SECOND, file(line("r5", 5)), at("07:10"));
  await expectRun(partners, "08:00");
  expect(await partners.published()).toEqual([`r5 5.00 ${SECOND}`]);
  partners.put(FIRST, file(line("r1", 10), line("r9", 1)), at("08:10"));
  await expectRun(partners, "09:00");
  expect(await partners.published()).toEqual([`r1 10.00 ${FIRST}`, `r5 5.00 ${SECOND}`, `r9 1.00 ${FIRST}`]);
  expect(await partners.house.query("select source_key from ops.open_quarantine")).toEqual([]);
});

test("what waits in a file waits on, whatever runs come between, and leaves with its contest", async () => {
  await using partners = await open();
  partners.put(FIRST, file(line("r1", 10), line("r1", 11)));
  for (const hour of ["07:00", "08:00", "09:00"]) {
    await expectRun(partners, hour);
    expect(await partners.published()).toEqual([]);
    expect(await partners.house.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "2" }]);
  }
  partners.put(SECOND, file(line("r1", 20)), at("09:10"));
  await expectRun(partners, "10:00");
  expect(await partners.published()).toEqual([`r1 20.00 ${SECOND}`]);
  partners.put(SECOND, file(line("r2", 1)), at("10:10"));
  await expectRun(partners, "11:00");
  expect(await partners.published()).toEqual([`r2 1.00 ${SECOND}`]);
  partners.put(FIRST, file(line("r1", 11)), at("11:10"));
  await expectRun(partners, "12:00");
  expect(await partners.published()).toEqual([`r1 11.00 ${FIRST}`, `r2 1.00 ${SECOND}`]);
});

/** One change of a folder: a file of a day, written at a minute, with amounts by key. */
const CHANGE = fc.record({
  day: fc.integer({ min: 1, max: 4 }),
  minute: fc.integer({ min: 0, max: 59 }),
  rows: fc.dictionary(fc.constantFrom("r1", "r2", "r3", "r4", "r5"), fc.integer({ min: 1, max: 3 }), { maxKeys: 5 }),
});

test("random files in random order: what is published is what the last file in force with each key says", {
  timeout: 600_000,
}, async () => {
  const histories = fc.array(fc.array(CHANGE, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(histories, async (runs) => {
      await using partners = await open();
      const inForce = new Map<string, { order: string; rows: Record<string, number> }>();
      for (const [i, changes] of runs.entries()) {
        for (const [j, change] of changes.entries()) {
          // A row of its own makes each version another content.
          const rows = { ...change.rows, [`own-${change.day}`]: 100 * i + j + 1 };
          const written = at(`04:${String(change.minute).padStart(2, "0")}`);
          partners.put(day(change.day), file(...Object.entries(rows).map(([id, amount]) => line(id, amount))), written);
          inForce.set(day(change.day), { order: `${day(change.day)} ${written.toISOString()}`, rows });
        }
        await expectRun(partners, `${String(7 + i).padStart(2, "0")}:00`);
        const expected = new Map<string, string>();
        for (const [path, { rows }] of [...inForce].sort(([, a], [, b]) => (a.order < b.order ? -1 : 1)))
          for (const [id, amount] of Object.entries(rows)) expected.set(id, `${id} ${amount.toFixed(2)} ${path}`);
        expect(await partners.published()).toEqual([...expected.values()].sort());
      }
    }),
    { numRuns: cases(4) },
  );
});

/** As `CHANGE`, with amounts that the contract refuses, and keys that a file has twice. */
const ODD_CHANGE = fc.record({
  day: fc.integer({ min: 1, max: 3 }),
  minute: fc.integer({ min: 0, max: 59 }),
  rows: fc.array(fc.tuple(fc.constantFrom("r1", "r2", "r3"), fc.constantFrom(-1, 1, 2, 3)), { maxLength: 4 }),
});

/** The one good amount that a file has for a key; null where it has a bad one, or several. */
function amountIn(rows: readonly (readonly [string, number])[], key: string): number | null {
  const amounts = new Set(rows.filter(([id]) => id === key).map(([, amount]) => amount));
  const [amount = -1] = amounts;
  return amounts.size === 1 && amount > 0 ? amount : null;
}

test("bad and doubled records in random files: a good last record is published, and nothing that no file has", {
  timeout: 600_000,
}, async () => {
  const histories = fc.array(fc.array(ODD_CHANGE, { minLength: 1, maxLength: 2 }), { minLength: 3, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(histories, async (runs) => {
      await using partners = await open();
      const inForce = new Map<string, { order: string; rows: readonly (readonly [string, number])[] }>();
      for (const [i, changes] of runs.entries()) {
        for (const [j, change] of changes.entries()) {
          const rows = [...change.rows, [`own-${change.day}`, 100 * i + j + 1] as const];
          const written = at(`04:${String(change.minute).padStart(2, "0")}`);
          partners.put(day(change.day), file(...rows.map(([id, amount]) => line(id, amount))), written);
          inForce.set(day(change.day), { order: `${day(change.day)} ${written.toISOString()}`, rows });
        }
        await expectRun(partners, `${String(7 + i).padStart(2, "0")}:00`);
        const published = await partners.published();
        const files = [...inForce].sort(([, a], [, b]) => (a.order < b.order ? -1 : 1));
        for (const key of ["r1", "r2", "r3"]) {
          const having = files.filter(([, { rows }]) => rows.some(([id]) => id === key));
          const [path, last] = having.at(-1) ?? [];
          const lines = published.filter((text) => text.startsWith(`${key} `));
          const amount = last ? amountIn(last.rows, key) : null;
          if (amount !== null) expect(lines).toEqual([`${key} ${amount.toFixed(2)} ${path}`]);
          // Behind a bad last record what was published before it may stand, until no file has the key.
          else if (last === undefined) expect(lines).toEqual([]);
        }
      }
    }),
    { numRuns: cases(4) },
  );
});
