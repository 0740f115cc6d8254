import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BILLING_PIPELINE, emptyPlace, ROWS } from "./small-run.ts";

/** Rows of which none waits. */
const GOOD = ROWS.slice(0, ROWS.indexOf("-- One row that is wrong"));

const WAITING = "select feed, run_group, count(*) as n from ops.open_quarantine group by all order by all";

/** Billing's pipeline with its group called otherwise. */
function movedTo(place: string): string {
  const folder = join(place, "moved");
  cpSync(BILLING_PIPELINE, folder, { recursive: true });
  const file = join(folder, "pipeline.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("\n  billing:\n", "\n  company:\n"));
  return folder;
}

test("feeds that move to another group are read whole once, as docs/operations.md says, and go on from there", async () => {
  await using place = await emptyPlace();
  const source = await place.billing.client();
  await source.query(GOOD);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run")).code).toBe(0);

  const at = ["--pipeline", movedTo(place.folder)];
  const says = "billing.payments has 20 staging rows but no published cursor: where to go on is not known";
  expect(await place.ledgerloop("run", ...at)).toMatchObject({ code: 20, err: expect.stringContaining(says) });
  const whole = await place.json("run", "--full", "--reason", "one group", ...at);
  expect(whole).toMatchObject({ code: 0, document: { outcome: "published", publication_id: "company-1" } });
  const { feeds } = whole.document as { feeds: { feed: string; inserted: number; unchanged: number }[] };
  expect(feeds.find(({ feed }) => feed === "billing.payments")).toMatchObject({ inserted: 0, unchanged: 20 });

  await source.query("update billing.invoices set description = 'more' where id = 4");
  expect(await place.json("run", ...at)).toMatchObject({ code: 0, document: { publication_id: "company-2" } });
  const counts = "select count(*) as n, count(distinct invoice_id) as keys, count(description) as changed from curated.invoice";
  expect(JSON.parse((await place.ledgerloop("query", counts, "--json", ...at)).out)).toEqual([
    { n: "20", keys: "20", changed: "1" },
  ]);
});

test("a feed with rows that wait in its former group does not move: they would wait twice", async () => {
  await using place = await emptyPlace();
  const source = await place.billing.client();
  await source.query(ROWS);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run")).code).toBe(0);
  const waiting = async (...at: string[]) => JSON.parse((await place.ledgerloop("query", WAITING, "--json", ...at)).out);
  const before = await waiting();
  expect(before).toEqual([
    { feed: "billing.invoices", run_group: "billing", n: "1" },
    { feed: "billing.payments", run_group: "billing", n: "2" },
  ]);
  const at = ["--pipeline", movedTo(place.folder)];
  for (const how of [[], ["--full", "--reason", "moved"]]) {
    const { code, err } = await place.ledgerloop("run", ...how, ...at);
    expect(code).toBe(10);
    expect(err).toContain("billing.invoices has rows that wait in the group billing, and would wait twice");
  }
  expect(await waiting(...at)).toEqual(before);
});
