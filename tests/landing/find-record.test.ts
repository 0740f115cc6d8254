import { expect, test } from "vitest";
import { type Finding, type OfRow, recordBytes, wayToRecord } from "../../src/landing/find-record.ts";
import { type Manifest, readManifest } from "../../src/landing/manifest.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { stagingRows } from "../../src/warehouse/relations.ts";
import type { SourcelessHouse } from "../support/engine.ts";
import { openPostgresHouse } from "../support/postgres-house.ts";
import { fillAccounts, only, openSalesforceHouse, withSettings } from "../support/salesforce-house.ts";
import { openStripeHouse } from "../support/stripe-house.ts";

interface Found extends OfRow {
  readonly finding: Finding;
  readonly manifest: Manifest;
}

/** Rows of staging with what leads back from them, so many of each feed at most. */
async function rowsOf(house: SourcelessHouse, most = 20): Promise<Found[]> {
  const found: Found[] = [];
  for (const feed of house.pipeline.feeds.values()) {
    const key = feed.sourceKey[0] ?? "";
    const part = feed.scoped ? "s._scope" : "NULL";
    const rows = await house.query(
      `select cast(s."${key}" as varchar) as key, s._position as position, ${part} as part, b.manifest
       from ${stagingRows(duckdbDialect, feed)} s join ops.batch b on b.batch_id = s._batch_id limit ${most}`,
    );
    const source = house.pipeline.sources.get(feed.source) ?? expect.fail();
    const reader = await house.engine.readerOf(source);
    for (const row of rows) {
      const batch = await readManifest(house.engine.objects, String(row["manifest"]));
      found.push({
        ...{ feed, position: (row["position"] as string | null) ?? "", part: row["part"] as string | null },
        ...{ sourceKey: String(row["key"]), finding: { objects: house.engine.objects, reader } },
        manifest: batch?.manifest ?? expect.fail(),
      });
    }
  }
  return found;
}

const textOf = async ({ finding, manifest, ...of }: Found) =>
  Buffer.from((await recordBytes(finding, manifest, of)) ?? expect.fail(of.feed.id)).toString("utf8");

test("every row of an account leads to its object, those inside others too", async () => {
  await using of = await openStripeHouse();
  const { stripe, house, pass } = of;
  stripe.books.manyCustomers(130);
  pass(3_600);
  stripe.books.bill({ lines: 3, currency: "eur" });
  stripe.books.bill({ lines: 12, currency: "eur" });
  pass(3_600);
  await house.run();
  const rows = await rowsOf(house);
  const pointers = new Set<string>();
  for (const row of rows) {
    const { place, says } = await wayToRecord(row.finding, row.manifest, row);
    expect(says).toBeNull();
    pointers.add((place?.answer?.pointer ?? "none").replaceAll(/\d+/g, "n"));
    expect(JSON.parse(await textOf(row))).toMatchObject({ id: row.sourceKey });
  }
  expect([...pointers].sort()).toEqual(["/data/n", "/data/n/items/data/n", "/data/n/lines/data/n"]);
});

test("every row of an org leads to its record, also in the results of a job", async () => {
  for (const restUpTo of [2_000, 1]) {
    await using of = await openSalesforceHouse({
      adjust: (p) => withSettings({ restUpTo })(only("accounts")(p)),
      pages: { fewest: 5, first: 7, most: 7 },
    });
    fillAccounts(of, 30);
    await of.house.run();
    for (const row of await rowsOf(of.house)) {
      const text = await textOf(row);
      const { place } = await wayToRecord(row.finding, row.manifest, row);
      const isJob = restUpTo === 1;
      expect(place?.answer).toMatchObject(isJob ? { pointer: null, record: expect.any(Number) } : { record: null });
      expect(isJob ? text : JSON.parse(text).Id).toContain(row.sourceKey);
    }
  }
});

test("every row of a table leads to the line that COPY wrote, by its key where it has no position", async () => {
  await using of = await openPostgresHouse();
  await of.house.run();
  const rows = await rowsOf(of.house);
  expect(new Set(rows.map(({ position }) => position === ""))).toEqual(new Set([true, false]));
  for (const row of rows) {
    const { table, files } = await wayToRecord(row.finding, row.manifest, row);
    expect(table).toEqual(row.position === "" ? null : { table: row.feed.origin, ctid: row.position, part_oid: null });
    expect(files.length).toBeGreaterThan(0);
    expect(await textOf(row)).toMatch(new RegExp(`^("\\(\\d+,\\d+\\)")?,${row.sourceKey},`));
  }
});
