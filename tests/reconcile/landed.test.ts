import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { Proof } from "../../src/reconcile/proof.ts";
import { changeByHand } from "../support/by-hand.ts";
import { landedProofs, openInParts } from "../support/landed-proofs.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../support/partners-house.ts";

const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const file = (...lines: readonly string[]) => HEAD + lines.map((line) => `${line}\n`).join("");
const day = (n: number) => `remittances/acme/2026-05-${n}.csv`;
const STAGED = "staging.partners_remittances__rows";

let partners: PartnersHouse;

/** What is told of rows beside their landing, and of waiting rows beside their own texts. */
async function proofsNow(): Promise<{ landed: Proof; waiting: Proof }> {
  const { pipeline, objects, warehouse } = partners.house.engine;
  const [landed, waiting] = await landedProofs({ pipeline, objects, open: () => warehouse.open({ purpose: "test" }) });
  if (!landed || !waiting) expect.fail("no feed was compared");
  return { landed, waiting };
}

const proof = async () => (await proofsNow()).landed;

const breaksOf = ({ keys }: Proof) => keys.map(({ key, why }) => `${Object.values(key).join("|")} ${why}`).sort();

const termsOf = ({ equation }: Proof) =>
  (equation?.terms ?? [])
    .map((t) => `${t.term} ${t.currency}: ${t.sourceRows} ${t.sourceMinor}, ${t.liveRows} ${t.liveMinor}`)
    .sort();

beforeAll(async () => {
  partners = await openPartnersHouse("source_key: [remittance_id]");
  partners.put(
    day(11),
    file("a,inv,1.00,EUR,2026-05-11", "b,inv,2.50,EUR,2026-05-11", "c,inv,3.00,USD,2026-05-11", "d,inv,4.00,EUR,2026-05-11"),
  );
  await partners.run(at("07:00"));
  // `a` changes in a later file, `b` comes again bad, `e` is bad from the start, `d` is gone with the version of its file that had it.
  partners.put(day(11), file("b,inv,2.50,EUR,2026-05-11", "c,inv,3.00,USD,2026-05-11"), at("07:30"));
  partners.put(
    day(12),
    file("a,inv,1.01,EUR,2026-05-11", "b,inv,-9.00,EUR,2026-05-12", "e,inv,-5.00,EUR,2026-05-12"),
    at("07:40"),
  );
  expect((await partners.run(at("08:00"))).report?.outcome).toBe("published");
  return () => partners[Symbol.asyncDispose]();
});

test("every row is published as it was landed, waits, or waits beside an older one; what its file no longer has is nobody's", async () => {
  const found = await proof();
  expect([found.notProven, found.says, breaksOf(found)]).toEqual([null, [], []]);
  expect(found.rows).toBe(9n);
  expect(termsOf(found)).toEqual([
    "equal EUR: 1 101, 1 101",
    "equal USD: 1 300, 1 300",
    "stale EUR: 1 -900, 1 250",
    "waiting EUR: 1 -500, 0 0",
  ]);
});

const SOMETIME = "(SELECT min_by(batch_id, number) FROM ops.batch)";
const update = (set: string, key: string) => `UPDATE ${STAGED} SET ${set} WHERE remittance_id = '${key}'`;

/** What somebody does in the warehouse by hand, and what is then told. */
const HANDS = [
  { what: "a cent", done: update("amount = amount + 0.01", "a"), told: ["a differs"], sides: ["a amount 1.01 1.02"] },
  { what: "a blank", done: update("invoice_id = 'inv '", "c"), told: ["c differs"], sides: ["c invoice_id inv inv_"] },
  {
    what: "a value that is no more",
    done: update("paid_on = NULL", "c"),
    told: ["c differs"],
    sides: ["c paid_on 2026-05-11 NULL"],
  },
  {
    what: "another key",
    done: update("remittance_id = 'z'", "c"),
    told: ["c missing", "z unlanded"],
    sides: ["c landed", "z live"],
  },
  { what: "a lost row", done: `DELETE FROM ${STAGED} WHERE remittance_id = 'c'`, told: ["c missing"], sides: ["c landed"] },
  { what: "a row that was marked as gone", done: update("_deleted_at = now()", "c"), told: ["c missing"], sides: ["c landed"] },
  {
    what: "a row that is live twice",
    done: `INSERT INTO ${STAGED} SELECT * FROM ${STAGED} WHERE remittance_id = 'c'`,
    told: ["c copy"],
    sides: ["c"],
  },
  {
    what: "an earlier version in place of the last",
    done: update(`amount = 1.00, _batch_id = ${SOMETIME}, _seq = 1, _order = '0'`, "a"),
    told: ["a differs"],
    sides: ["a amount 1.01 1.00"],
  },
  { what: "a row of no batch", done: update("_batch_id = 'b_none'", "c"), told: ["c differs"], sides: ["c"] },
  {
    what: "a row that nobody landed",
    done: `INSERT INTO ${STAGED} SELECT * REPLACE ('y' AS remittance_id) FROM ${STAGED} WHERE remittance_id = 'c'`,
    told: ["y unlanded"],
    sides: ["y live"],
  },
  {
    what: "a row that waits no more",
    done: "DELETE FROM ops.quarantine_row WHERE source_key = 'e'",
    told: ["e missing"],
    sides: ["e landed"],
  },
];

/** What either side has of each break: the columns that differ with both values, or the side that alone has a row. */
const sidesOf = ({ breaks = [] }: Proof) =>
  breaks.map(({ keyText, columns, source, live }) => {
    const values = columns.flatMap((name) => [name, source?.[name] ?? "NULL", (live?.[name] ?? "NULL").replaceAll(" ", "_")]);
    const alone = source && live ? [] : [source ? "landed" : "live"];
    return [keyText, ...alone, ...values].join(" ");
  });

test.each(HANDS)("$what by hand is named, and nothing else is", async ({ done, told, sides }) => {
  const { folder } = partners.house;
  const tables = [STAGED, "ops.quarantine_row"];
  const kept = (table: string) => `raw.kept_${table.replace(".", "_")}`;
  await changeByHand(
    folder,
    tables.map((table) => `CREATE TABLE ${kept(table)} AS FROM ${table}`),
  );
  onTestFinished(async () => {
    const back = (table: string) => [
      `DELETE FROM ${table}`,
      `INSERT INTO ${table} FROM ${kept(table)}`,
      `DROP TABLE ${kept(table)}`,
    ];
    await changeByHand(folder, tables.flatMap(back));
    expect(breaksOf(await proof()), "it was put right").toEqual([]);
  });
  await changeByHand(folder, [done]);
  const found = await proof();
  expect([breaksOf(found), sidesOf(found)]).toEqual([told, sides]);
  const { pipeline, objects, warehouse } = partners.house.engine;
  const inParts = await openInParts({ pipeline, objects, open: () => warehouse.open({ purpose: "test" }) }, 2);
  const isNamed = (line: string) => inParts.some((part) => part.includes(`: ${line.split(" ")[0]}: `));
  expect(told.filter((line) => !isNamed(line))).toEqual([]);
});

const WAITING = "UPDATE ops.quarantine_row SET";

test.each([
  ["a text", `${WAITING} payload = replace(payload, '-5.00', '-5.01') WHERE source_key = 'e'`],
  ["a minor unit", `${WAITING} minor = minor + 1 WHERE source_key = 'e'`],
  ["the currency", `${WAITING} currency = 'USD' WHERE source_key = 'e'`],
  ["a text that is no more", `${WAITING} payload = replace(payload, '"inv"', 'null') WHERE source_key = 'e'`],
])("%s of a waiting row that was changed by hand is named", async (_what, done) => {
  const { folder } = partners.house;
  expect((await proofsNow()).waiting).toMatchObject({ rows: 2n, differing: 0n });
  await changeByHand(folder, ["CREATE TABLE raw.kept AS FROM ops.quarantine_row", done]);
  onTestFinished(() =>
    changeByHand(folder, [
      "DELETE FROM ops.quarantine_row",
      "INSERT INTO ops.quarantine_row FROM raw.kept",
      "DROP TABLE raw.kept",
    ]),
  );
  const [row] = await partners.house.query("select row_id from ops.quarantine_row where source_key = 'e'");
  expect((await proofsNow()).waiting.keys).toEqual([{ key: { row_id: row?.["row_id"] }, why: null }]);
});

test("landed bytes that are other ones, or are not there, attest nothing", async () => {
  const { objects, pipeline } = partners.house.engine;
  const store = pipeline.environment.objectStore;
  if (store.kind !== "file") expect.fail("not a folder");
  const [csv] = (await objects.list("landing/")).filter((key) => key.endsWith(".csv"));
  if (csv === undefined) expect.fail("nothing was landed");
  appendFileSync(join(store.path, csv), "0,x,inv,1.00,EUR,2026-05-11\n");
  expect((await proof()).notProven).toMatch(/landed file/);
  rmSync(join(store.path, csv));
  expect((await proof()).notProven).toMatch(/landed file/);
  const [manifest] = (await objects.list("landing/")).filter((key) => key.endsWith("manifest.json"));
  rmSync(join(store.path, manifest ?? ""));
  expect((await proof()).notProven).toMatch(/what batch b_\w+ was landed as is not there/);
});
