import { expect, test } from "vitest";
import type { BreaksDocument } from "../../src/documents/breaks.ts";
import { changeByHand } from "../support/by-hand.ts";
import { atSource, unstamped } from "./at-source.ts";
import { emptyPlace, ROWS, SETTLED } from "./small-run.ts";

test("another row of a key that no run has seen is a break; healed, it waits with a reason, and is set aside as long as it does", async () => {
  await using place = await emptyPlace();
  await atSource(place, [`${ROWS};${SETTLED}`]);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  await unstamped(place, [
    "insert into billing.customers select * from billing.customers where id = 4",
    "update billing.customers set customer_id = 'cus_other', balance_minor = 7 where ctid = (select max(ctid) from billing.customers where id = 4)",
  ]);
  const found = await place.ledgerloop("reconcile", "run", "--feed", "billing.customers");
  expect([found.code, found.out]).toEqual([10, expect.stringContaining("id 4: the source has another row of this key")]);
  expect(found.out).toContain("source 21 rows 0.07 EUR = published 20 rows 0.00 EUR + breaks 1 rows 0.07 EUR");
  const { document } = await place.json("reconcile", "breaks");
  const [only] = (document as BreaksDocument).breaks;
  expect(only).toMatchObject({ class: "duplicate", columns: ["customer_id", "balance_minor"] });
  const explained = await place.ledgerloop("reconcile", "explain", only?.break_id ?? "");
  expect(explained.out).toMatch(/\ncustomer_id +cus_other +cus_4\n/);
  const healed = await place.ledgerloop("reconcile", "heal", only?.break_id ?? "");
  expect([healed.code, healed.out]).toEqual([0, expect.stringContaining("1 healed")]);
  const again = await place.ledgerloop("reconcile", "run", "--feed", "billing.customers");
  expect([again.code, again.out]).toEqual([
    0,
    expect.stringContaining("source 21 rows 0.07 EUR = published 20 rows 0.00 EUR + set aside 1 rows 0.07 EUR"),
  ]);
  expect((await place.ledgerloop("quarantine", "list", "--feed", "billing.customers")).out).toContain("customer_id.immutable");
});

test("what stands beside an older row is not healed while its newer one waits, and that is said before anything is read", async () => {
  await using place = await emptyPlace();
  await atSource(place, [`${ROWS};${SETTLED}`]);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  await atSource(place, ["update billing.invoices set status = 'nonsense', amount_due_minor = 6000 where id = 8"]);
  expect((await place.ledgerloop("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
  await changeByHand(place.folder, ["update staging.billing_invoices__rows set _minor = _minor + 1 where id in (8, 10)"]);
  expect((await place.ledgerloop("reconcile", "run", "--leg", "R4", "--feed", "billing.invoices")).code).toBe(10);
  const { code, out } = await place.ledgerloop("reconcile", "heal", "--class", "tampered", "--dry-run");
  expect([code, out]).toEqual([
    10,
    expect.stringMatching(
      /billing\.invoices: 1 keys read[\s\S]*not healed: brk_\w+, tampered of billing\.invoices: a newer row of its key waits/,
    ),
  ]);
  // Once the newer row is mended at the source, whoever says so heals both.
  await atSource(place, ["update billing.invoices set status = 'paid', amount_due_minor = 5831 where id = 8"]);
  const healed = await place.ledgerloop("reconcile", "heal", "--class", "tampered", "--reason", "8 is mended");
  expect([healed.code, healed.out], healed.err).toEqual([0, expect.stringContaining("2 healed")]);
  expect((await place.ledgerloop("run", "--window", "2026-11-04T00:00:00Z/2026-11-05T00:00:00Z")).code).toBe(0);
  expect((await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices")).code).toBe(0);
});
