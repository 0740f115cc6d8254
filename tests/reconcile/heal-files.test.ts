import { expect, test } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import { type CsvReading, csvReading } from "../../src/sources/csv/csv-kind.ts";
import { csvReader } from "../../src/sources/csv/csv-reader.ts";
import { changeByHand } from "../support/by-hand.ts";
import { acmeText, northBytes, type Payment } from "../support/files-house.ts";
import { atSource, healed, night, planned, told } from "../support/healing.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../support/partners-house.ts";
import { expectEnded } from "../support/same-as-account.ts";

const STAGED = "staging.partners_remittances__rows";
const ofFiles = (feed: Feed) => csvReader().readsByKey?.(feed) ?? false;

const day = (partner: string, n: number) => `remittances/${partner}/2026-05-${n}.csv`;
const paid = (...ids: readonly string[]): Payment[] => ids.map((id, i) => ({ id, cents: 1000 + i }));

/** What a hand does to five rows: a cent, a text, one lost, one doubled, one made up. */
const BY_HAND = [
  `update ${STAGED} set amount = amount + 0.01, _minor = _minor + 1 where remittance_id = 'a"1'`,
  `update ${STAGED} set invoice_id = 'by hand' where remittance_id = 'b1'`,
  `delete from ${STAGED} where remittance_id = 'a2'`,
  `insert into ${STAGED} select * from ${STAGED} where remittance_id = 'b2'`,
];

async function twoDays(keys: string): Promise<PartnersHouse> {
  const of = await openPartnersHouse(`${keys}gates: { valid_share: 0, vanished_share: 1 }`);
  of.put(day("acme", 11), acmeText(paid('a"1', "a2", "ä3")).replace('a"1,Ü-a"1', '"a""1",inv'));
  of.put(day("north", 11), northBytes(paid("b1", "b2", "b3")));
  expectEnded(await of.run(at("07:00")), "published");
  of.put(day("acme", 12), acmeText([{ id: "a4", cents: 1 }]), at("07:30"));
  expectEnded(await of.run(at("08:00")), "published");
  return of;
}

test.each([
  ["that a record of a file names", ""],
  ["that a column names, the later file first", "source_key: [remittance_id]\n    "],
])("rows of files %s are read again out of what was kept, though the files are gone", async (_, keys) => {
  await using of = await twoDays(keys);
  const before = await of.published();
  for (const path of [day("acme", 11), day("north", 11)]) of.remove(path);
  await changeByHand(of.house.folder, [
    ...BY_HAND,
    `insert into ${STAGED} by name (select * replace ('made up' as remittance_id${keys === "" ? ", 'made up' as _record" : ""}) from ${STAGED} where remittance_id = 'a4')`,
  ]);
  const breaks = await night(of.house);
  expect(atSource(breaks).map((text) => text.split(" ")[0])).toEqual([
    "amount",
    "attribute",
    "duplicate",
    "missing_at_source",
    "missing_in_warehouse",
  ]);
  await healed(of.house, breaks, ofFiles);
  expect(await of.published()).toEqual(before);
  const [landed] = await of.house.query(
    "select string_agg(row_count::varchar, ',') as rows from ops.batch where publication_id in (select publication_id from ops.publication where kind = 'heal')",
  );
  expect(landed).toEqual({ rows: "4" });
  expectEnded(await of.run(at("09:00")), "published");
  expect(told(await night(of.house))).toEqual([]);
});

test("of two files that have a key the later one is read, and what it has taken over stays", async () => {
  await using of = await twoDays("source_key: [remittance_id]\n    ");
  of.put(day("north", 12), northBytes([{ id: "b1", cents: 5 }]), at("08:30"));
  expectEnded(await of.run(at("09:00")), "published");
  const before = await of.published();
  await changeByHand(of.house.folder, [`update ${STAGED} set amount = 99, _minor = 9900 where remittance_id in ('b1', 'b3')`]);
  await healed(of.house, await night(of.house), ofFiles);
  expect(await of.published()).toEqual(before);
});

/** The layout of one partner calls a column by another name since. */
function renamed(pipeline: Pipeline): Pipeline {
  const feeds = [...pipeline.feeds].map(([id, feed]): [string, Feed] => {
    const reading = csvReading(feed);
    const layouts = reading.layouts.map((layout) => {
      const columns = layout.entry.columns?.map((one) => ({ ...one, header: one.header?.replace("Betrag", "Summe") ?? "" }));
      return { ...layout, entry: { ...layout.entry, ...(columns && { columns }) } };
    });
    return [id, { ...feed, reading: { ...reading, layouts } as CsvReading }];
  });
  return { ...pipeline, feeds: new Map(feeds) };
}

test("a file is read by the layout of then; one whose layout earlier versions did not keep, and that may be another by now, takes nothing out", async () => {
  await using of = await twoDays("");
  const before = await of.published();
  await changeByHand(of.house.folder, [`update ${STAGED} set amount = 99, _minor = 9900 where remittance_id = 'b1'`]);
  const [request] = (await planned(of.house, await night(of.house), ofFiles)).requests;
  if (!request) expect.fail("nothing is to be healed");
  const now = { pipeline: renamed(of.house.pipeline), reread: () => renamed(of.house.pipeline) };
  const lines = await of.house.query("select state_key, number, state_value from ops.adapter_state");
  const setTo = (value: (text: string) => unknown) =>
    lines.map(({ state_key, number, state_value }) => {
      const text = JSON.stringify(value(state_value ?? "")).replaceAll("'", "''");
      return `update ops.adapter_state set state_value = '${text}' where state_key = '${state_key}' and number = ${number}`;
    });
  const withoutLayout = (text: string) => {
    const { in_force, ...entry } = JSON.parse(text) as { in_force: object };
    return { ...entry, in_force: { ...in_force, read_by: null } };
  };
  await changeByHand(of.house.folder, setTo(withoutLayout));
  const refused = await of.house.perform(request, now);
  expect([refused.failure?.problems[0]?.code, refused.failure?.message]).toEqual([
    "source.file_read_otherwise",
    expect.stringContaining("was not kept"),
  ]);
  await changeByHand(
    of.house.folder,
    setTo((text) => JSON.parse(text)),
  );
  expectEnded(await of.house.perform(request, now), "published");
  expect(await of.published()).toEqual(before);
});

test("a key whose text has several spellings is not looked for in files", async () => {
  await using of = await openPartnersHouse("source_key: [paid_on, remittance_id]");
  const feed = of.house.pipeline.feeds.get("partners.remittances");
  expect(feed && ofFiles(feed)).toBe(false);
});
