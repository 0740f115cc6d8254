import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyPlace, type ProgramPlace, ROWS, withBills } from "./small-run.ts";

let place: ProgramPlace;
const bills = () => join(place.folder, "bills");
const at = () => ["--pipeline", bills()];

beforeAll(async () => {
  place = await emptyPlace();
  await (await place.billing.client()).query(ROWS);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run")).code).toBe(0);
  withBills(bills());
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

test("a parent feed that is called otherwise: plan names the command, and runs go on after it", async () => {
  const source = await place.billing.client();
  const command = '`ledgerloop feed rename billing.bills --was billing.invoices --reason "…"`';
  expect((await place.ledgerloop("plan", ...at())).out).toContain(
    `next: where it only has another name now, ${command} keeps its rows, and models that read it count as unchanged`,
  );
  const stopped = await place.ledgerloop("run", ...at());
  expect([stopped.code, stopped.err.includes(command)]).toEqual([10, true]);

  const rename = ["feed", "rename", "billing.bills", "--was", "billing.invoices", "--reason", "called so", ...at()];
  const done = await place.ledgerloop(...rename);
  expect([done.code, done.out]).toEqual([
    0,
    "feed billing.invoices is billing.bills now in group billing: 19 published and 1 waiting rows, publication billing-2\nnext: `ledgerloop plan`, then `ledgerloop run` goes on from the same cursor\n",
  ]);
  expect((await place.ledgerloop(...rename)).out).toContain("was renamed billing.bills before in group billing, by billing-2\n");
  const shown = (await place.json("show", "row", "invoice", "inv_1", ...at())).document as { rows: { feed: string }[] };
  expect(shown.rows.filter(({ feed }) => feed === "billing.bills")).toMatchObject([
    { class: null, published: { publication_id: "billing-1", inserted: null }, way: { table: { table: "billing.invoices" } } },
  ]);
  expect((await place.ledgerloop("show", "row", "invoice", "inv_1", ...at())).out).toContain("under another name of it");
  const plan = await place.json("plan", ...at());
  expect(plan.document).toMatchObject({ warehouse: { stops: [], recompute: [], may_enter: [] } });

  // The held payment's parent arrives under the feed's new name.
  await source.query(
    'insert into billing.invoices select * from jsonb_populate_record((select i from billing.invoices i where id = 1), \'{"id": 21, "invoice_id": "inv_late", "invoice_number": "A-21"}\')',
  );
  const run = await place.json("run", ...at());
  expect(run.code).toBe(0);
  expect(run.document).toMatchObject({ outcome: "published", publication_id: "billing-3" });
  const { feeds } = run.document as { feeds: { feed: string; extracted: number; inserted: number }[] };
  expect(feeds.find(({ feed }) => feed === "billing.bills")).toMatchObject({ extracted: 1, inserted: 1 });
  const list = await place.json("quarantine", "list", ...at());
  // The quarantined parent is known under its feed's new name: its payment goes on waiting for it.
  expect(list.document).toMatchObject({
    feeds: [
      { feed: "billing.bills", rows: 1 },
      { feed: "billing.payments", rows: 1, reasons: [{ reason: "invoice_id.parent_quarantined" }] },
    ],
  });
  const { code } = await place.ledgerloop("doctor", "--deep", ...at());
  expect(code).toBe(0);
});

test("a rename that has no reason, or no former name, says what to type", async () => {
  const without = await place.ledgerloop("feed", "rename", "billing.bills", "--was", "billing.invoice", ...at());
  expect(without.code).toBe(2);
  expect(without.err).toContain(
    'next: `ledgerloop feed rename billing.bills --was billing.invoice --reason "…"`, with --ticket where there is one',
  );
  const unknown = await place.ledgerloop("feed", "rename", "billing.bills", "--was", "billing.invoice", "--reason", "r", ...at());
  expect([unknown.code, unknown.err.includes('did you mean "billing.invoices"?')]).toEqual([2, true]);
});
