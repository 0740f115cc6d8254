import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { BreakDocument, BreaksDocument, ExplainDocument } from "../../src/documents/breaks.ts";
import type { CloseDocument } from "../../src/documents/close-report.ts";
import type { ProvenDocument } from "../../src/documents/proven.ts";
import { changeByHand } from "../support/by-hand.ts";
import { atSource as runAtSource, unstamped as runUnstamped } from "./at-source.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { emptyPlace, type ProgramPlace, ROWS, SECRET_EMAIL, SETTLED } from "./small-run.ts";

const shapes = documentedShapes();

let place: ProgramPlace;

const atSource = (...statements: readonly string[]) => runAtSource(place, statements);

/** Statements at the source that leave no stamp: as somebody writes who goes round the triggers. */
const unstamped = (...statements: readonly string[]) => runUnstamped(place, statements);

const byHand = (...statements: readonly string[]) => changeByHand(place.folder, statements);

async function broken(...args: string[]): Promise<BreaksDocument & { code: number }> {
  const { code, document } = await place.json("reconcile", "breaks", ...args);
  expect(misfits(shapes.get("reconcile breaks") ?? "null", document)).toEqual([]);
  const found = document as BreaksDocument;
  for (const { opening, found: more, reclassified, cleared, closing } of found.roll_forward) {
    expect(opening + more + reclassified - cleared).toBe(closing);
  }
  return { ...found, code };
}

async function explained(id: string): Promise<ExplainDocument> {
  const { document } = await place.json("reconcile", "explain", id);
  expect(misfits(shapes.get("reconcile explain") ?? "null", document)).toEqual([]);
  return document as ExplainDocument;
}

const text = ({ class: is, of, key, columns, says }: BreakDocument) =>
  [is, of, Object.values(key).join("|"), columns.join(","), says.length > 0 ? "…" : ""].filter((part) => part !== "").join(" ");

/** A printed command, typed as it is printed. */
const typed = (command: string) =>
  place.ledgerloop(...[...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "").slice(1));

/** What looks at what was kept: without a warehouse, or before anything is published, it says so and makes none. */
const LOOKING = [
  ["breaks"],
  ["explain", "brk_1"],
  ["recheck", "reconcile_1/x/1/1"],
  ["report"],
  ["accept", "brk_1", "--until", "2099-12-31", "--reason", "x"],
] as const;

beforeAll(async () => {
  place = await emptyPlace();
  await atSource(`${ROWS};${SETTLED}`);
  await place.ledgerloop("up");
  for (const args of LOOKING)
    expect([args.join(" "), (await place.ledgerloop("reconcile", ...args)).code]).toEqual([args.join(" "), 2]);
  expect(existsSync(join(place.folder, "warehouse.duckdb"))).toBe(false);
  await byHand("create schema ops");
  for (const args of LOOKING) {
    const { code, err } = await place.ledgerloop("reconcile", ...args);
    expect([args.join(" "), code, err]).toEqual([args.join(" "), 20, expect.stringContaining("nothing has been published yet")]);
  }
  rmSync(join(place.folder, "warehouse.duckdb"));
  expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  await atSource("update billing.customers set legal_name = 'Another' where id = 12");
  expect((await place.ledgerloop("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
  expect((await place.ledgerloop("reconcile", "run")).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

test("without a difference there is no break", async () => {
  expect(await broken()).toMatchObject({ code: 0, breaks: [], more: 0, roll_forward: [] });
  expect((await place.ledgerloop("reconcile", "breaks")).out).toBe("there is no break\n");
  const none = await place.ledgerloop("reconcile", "explain", "brk_0000000000");
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("there is no break brk_0000000000")]);
  expect((await place.ledgerloop("reconcile", "breaks", "--feed", "nobody")).code).toBe(2);
  for (const since of ["yesterday", "2026-02-31", "2026-11-29T25:00"]) {
    expect((await place.ledgerloop("reconcile", "breaks", "--since", since)).code).toBe(2);
  }
  const { since } = await broken("--since", "2026-11-29T10:00");
  expect(since).toBe("2026-11-29T10:00:00.000Z");
  expect((await place.ledgerloop("reconcile", "breaks", "--csv")).out).toMatch(/^break,class,of,key,/);
  const nowhere = await place.ledgerloop("reconcile", "report", "--html", "/dev/null/close.html");
  expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining("/dev/null/close.html cannot be written")]);
});

test("status tells what comparisons and breaks came to when somebody compared last, and opens no warehouse for it", async () => {
  const proven = async () => {
    const { document } = await place.json("status");
    expect(misfits(shapes.get("status") ?? "null", document)).toEqual([]);
    return (document as { proven: ProvenDocument | null }).proven;
  };
  expect(await proven()).toMatchObject({ equal: 28, different: 0, never: 0, open_breaks: 0, oldest: expect.any(String) });
  expect((await place.ledgerloop("status")).out).toMatch(/\nproven as of \S+: 28 comparisons equal, the oldest of \S+\n/);
  await byHand("update curated.payment__rows set currency = 'USD' where payment_id = 'pay_5'");
  await place.ledgerloop("reconcile", "run", "--leg", "R2");
  const { out } = await place.ledgerloop("status");
  expect(out).toMatch(
    /27 comparisons equal, 1 different, the oldest of \S+; 1 open breaks and 0 accepted: `ledgerloop reconcile breaks`\n/,
  );
  expect(out).toMatch(/R2 +payment +DIFFERENT +\S+Z\n/);
  await byHand("update curated.payment__rows set currency = 'EUR' where payment_id = 'pay_5'");
  const [one] = (await broken("--feed", "payment")).breaks;
  await place.ledgerloop("reconcile", "recheck", one?.proof_id ?? "");
  expect(await proven()).toMatchObject({ equal: 28, different: 0, open_breaks: 0 });
  const away = await place.at({ CONTROL_URL: "postgresql://nobody@127.0.0.1:1/none" }, "reconcile", "run", "--leg", "R2");
  expect([away.code, away.err]).toEqual([0, expect.stringContaining("`ledgerloop status` does not know of it: ")]);
});

test("what differs is named by class, key and columns, whoever did it", async () => {
  await unstamped(
    "update billing.invoices set description = 'while it waits' where id = 7",
    "update billing.invoices set amount_due_minor = 5830 where id = 2",
    "update billing.invoices set currency = 'USD' where id = 3",
    "update billing.invoices set description = 'by the branch', customer_email = 'other@example.test' where id = 4",
    "insert into billing.subscriptions select * from billing.subscriptions where id = 5",
    "update billing.subscriptions set id = 99, subscription_id = 'sub_99' where ctid = (select max(ctid) from billing.subscriptions where id = 5)",
  );
  await byHand(
    "insert into staging.billing_customers__rows select * from staging.billing_customers__rows where id = 6",
    "update staging.billing_payments__rows set _minor = _minor + 1 where id = 4",
    "update curated.subscription__rows set plan_id = 'team ' where subscription_id = 'sub_8'",
    "update history.customer set legal_name = 'Nobody' where customer_id = 'cus_12'",
  );
  expect((await place.ledgerloop("reconcile", "run")).code).toBe(10);
  const { breaks, code } = await broken();
  expect(code).toBe(10);
  expect(breaks.map(text).sort()).toEqual([
    "amount billing.invoices 2 amount_due_minor",
    "attribute billing.invoices 4 customer_email,description",
    "currency billing.invoices 3 currency",
    "duplicate billing.customers 6",
    "history customer …",
    "missing_in_warehouse billing.subscriptions 99",
    "model customer cus_6",
    "model subscription sub_8 plan_id",
    "tampered billing.payments 4|pay_4",
    "unexplained billing.customers …",
    "unexplained billing.payments …",
    "unexplained billing.payments …",
    "waiting_differs billing.invoices 7",
  ]);
  const money = breaks.map(({ source, published }) => [source?.minor ?? null, published?.minor ?? null]);
  const sides = [
    [5831, null],
    [4900, null],
    [5830, 5831],
  ];
  expect(money).toEqual(expect.arrayContaining(sides));
  // What is of another currency counts on both sides.
  const sizes = breaks.map(({ source, published }) => {
    const [more, less] = [Number(source?.minor ?? 0), Number(published?.minor ?? 0)];
    return source && published && source.currency !== published.currency ? Math.max(more, less) : Math.abs(more - less);
  });
  expect(sizes[0]).toBe(5831);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
});

test("a break is told once, whoever looks how often; its list has the most money first, as CSV too", async () => {
  const before = await broken();
  expect((await place.ledgerloop("reconcile", "run")).code).toBe(10);
  expect((await broken()).breaks).toEqual(before.breaks);
  const { out } = await place.ledgerloop("reconcile", "breaks", "--csv", "--class", "amount", "currency", "missing_in_warehouse");
  expect(out.split("\n")[0]).toBe("break,class,of,key,columns,source,published,difference,age,state");
  expect(out).toMatch(/missing_in_warehouse,billing\.subscriptions,id 99,"",49\.00 EUR,"",49\.00 EUR/);
  expect(out).toMatch(/amount,billing\.invoices,id 2,amount_due_minor,58\.30 EUR,58\.31 EUR,'?-0\.01 EUR/);
  expect(out).toMatch(/currency,billing\.invoices,id 3,currency,58\.31 USD,58\.31 EUR,"58\.31 USD, -58\.31 EUR"/);
  const listed = await place.ledgerloop("reconcile", "breaks", "--limit", "2");
  expect(listed.out).toContain("and 11 more: --limit 13");
  expect(listed.out).toMatch(/13 open, source less published: 107\.31 EUR, -58\.33 EUR, 58\.31 USD\n/);
  const few = await broken("--feed", "billing.invoices", "--limit", "1");
  expect([few.breaks.length, few.more]).toEqual([1, 3]);
});

test("a break is explained by both sides, and no personal value is shown", async () => {
  const { breaks } = await broken("--class", "attribute");
  const id = breaks[0]?.break_id ?? "";
  const { values, events, next } = await explained(id);
  expect([values.source?.["description"], values.published?.["description"]]).toEqual(["by the branch", null]);
  expect([values.source?.["customer_email"], values.published?.["customer_email"]]).toEqual(["•••", "•••"]);
  expect(events.map(({ event, publication, actor }) => [event, publication, actor])).toEqual([["found", 2, "tester"]]);
  expect(next.at(-1)).toMatch(/^ledgerloop reconcile recheck reconcile_/);
  const { out } = await place.ledgerloop("reconcile", "explain", id);
  expect(out).toMatch(/description +by the branch +NULL/);
  expect(out).not.toContain(SECRET_EMAIL);
  expect(out).not.toContain("other@example.test");
  const shown: string[] = [];
  for (const { break_id } of (await broken("--class", "model")).breaks) {
    shown.push((await place.ledgerloop("reconcile", "explain", break_id)).out);
  }
  const [twice, blank] = shown;
  expect(twice).toContain("the curated row is not what its model gives (it is given, or live, more than once)");
  expect(blank).toMatch(/plan_id +"team" +"team "/);
});

test("a report says what stands between finance and the close, for people, as CSV and as JSON, and shows no personal value", async () => {
  const html = join(place.folder, "close.html");
  const { code, document } = await place.json("reconcile", "report", "--html", html, "--csv", join(place.folder, "close"));
  expect(misfits(shapes.get("reconcile report") ?? "null", document)).toEqual([]);
  const report = document as CloseDocument;
  expect([code, report.breaks.length, report.comparisons.never]).toEqual([10, 13, 0]);
  expect(report.waiting.map(({ feed, rows, age }) => `${feed} ${rows} ${age}`).sort()).toEqual([
    "billing.invoices 1 day",
    "billing.payments 1 day",
    "billing.payments 1 day",
  ]);
  const invoices = report.equations.find(({ feed }) => feed === "billing.invoices");
  expect(invoices?.result).toBe("different");
  const page = readFileSync(html, "utf8");
  for (const { break_id } of report.breaks.slice(0, 8)) expect(page).toContain(break_id);
  expect(page).toContain("<b>13</b>open breaks");
  expect(page).not.toMatch(/<script|http-equiv|src=|href=/);
  for (const personal of [SECRET_EMAIL, "other@example.test", "+49 30"]) expect(page).not.toContain(personal);
  const csv = (name: string) =>
    readFileSync(join(place.folder, "close", name), "utf8")
      .trimEnd()
      .split("\n");
  expect(csv("breaks.csv")).toHaveLength(14);
  expect(csv("waiting.csv")).toHaveLength(4);
  expect(csv("equations.csv")[0]).toBe(
    "feed,as_of,compared_at,term,currency,source_rows,source_minor,published_rows,published_minor",
  );
  expect(csv("comparisons.csv").filter((line) => line.includes("different")).length).toBeGreaterThan(4);
  const { out } = await place.ledgerloop("reconcile", "report", "--period", "2001-01");
  expect(out).toMatch(/^13 open breaks, 3 rows that wait, \d+ comparisons that differ, 0 not proven, 0 never made whole\nnext: /);
  const past = await place.json("reconcile", "report", "--period", "2001-01");
  expect((past.document as CloseDocument).roll_forward).toEqual([]);
  expect((await place.ledgerloop("reconcile", "report", "--period", "2026-13")).code).toBe(2);
});

test("a break is assigned, commented and accepted with a reason, which stands as long as both sides are what they were", async () => {
  const [one] = (await broken("--class", "currency")).breaks;
  const id = one?.break_id ?? "";
  const decide = async (...args: string[]) => {
    const { code, document } = await place.json("reconcile", ...args);
    expect(misfits(shapes.get("reconcile explain") ?? "null", document)).toEqual([]);
    return { code, ...(document as ExplainDocument) };
  };
  const without = await place.ledgerloop("reconcile", "accept", id, "--until", "2099-12-31");
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("needs a reason")]);
  for (const day of ["2001-01-01", "2099-02-31", "tomorrow"]) {
    expect((await place.ledgerloop("reconcile", "accept", id, "--until", day, "--reason", "x")).code).toBe(2);
  }
  await decide("assign", id, "--to", "finance", "--reason", "their booking");
  await decide("comment", id, "--reason", "asked the bank");
  const accepted = await decide("accept", id, "--until", "2099-12-31", "--reason", "booked in USD", "--ticket", "FIN-1");
  expect(accepted.break).toMatchObject({ open: true, assignee: "finance" });
  expect(accepted.break.accepted).toEqual({ until: "2099-12-31T00:00:00.000Z", reason: "booked in USD", by: "tester" });
  expect(accepted.events.map(({ event }) => event)).toEqual(["found", "assigned", "commented", "accepted"]);
  const listed = await place.ledgerloop("reconcile", "breaks", "--class", "currency");
  expect([listed.code, listed.out]).toEqual([0, expect.stringMatching(/accepted until 2099-12-31[\s\S]*0 open, and 1 accepted/)]);
  const { out } = await place.ledgerloop("reconcile", "explain", id);
  expect(out).toMatch(/accepted +currency +2 +tester +until 2099-12-31: booked in USD\n/);
  const trail = await place.ledgerloop(
    "query",
    "select event, actor, reason, ticket from ops.audit_event where event = 'break.accepted'",
  );
  expect(trail.out).toMatch(/break\.accepted +tester +booked in USD +FIN-1/);
  // A comparison leaves it accepted, another difference of the key does not.
  await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1");
  expect((await broken("--class", "currency")).code).toBe(0);
  await unstamped("update billing.invoices set description = 'other' where id = 3");
  await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1");
  const lapsed = await broken("--class", "currency");
  expect([lapsed.code, lapsed.breaks[0]?.accepted, lapsed.breaks[0]?.assignee]).toEqual([10, null, "finance"]);
  await decide("accept", id, "--until", "2099-12-31", "--reason", "both");
  expect((await decide("reopen", id, "--reason", "not so")).break.accepted).toBe(null);
  await unstamped("update billing.invoices set description = null where id = 3");
  await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1");
});

test("an acceptance lapses with a value that nobody sees, with the money beside a row, and with a sum that has no key", async () => {
  await byHand(
    "update staging.billing_customers__rows set email = 'one@example.test' where id = 15",
    "update staging.billing_payments__rows set _minor = _minor + 1 where id = 11",
  );
  const night = () => place.ledgerloop("reconcile", "run");
  await night();
  const find = async () => {
    const { breaks } = await broken("--limit", "100");
    const by = (is: string, of: string, key = "") =>
      breaks.find(
        (one) =>
          one.class === is && one.of === of && Object.values(one.key).join("|") === key && (key !== "" || one.leg === "R4"),
      );
    return [
      by("attribute", "billing.customers", "15"),
      by("tampered", "billing.payments", "11|pay_11"),
      by("unexplained", "billing.payments"),
    ] as const;
  };
  const found = await find();
  expect(found[1]).toMatchObject({ source: { minor: 5831 }, published: { minor: 5832 } });
  for (const one of found) {
    const id = one?.break_id ?? "";
    expect((await place.ledgerloop("reconcile", "accept", id, "--until", "2099-12-31", "--reason", "known")).code).toBe(0);
  }
  await night();
  expect((await find()).map((one) => one?.accepted?.reason)).toEqual(["known", "known", "known"]);
  await byHand(
    "update staging.billing_customers__rows set email = 'two@example.test' where id = 15",
    "update staging.billing_payments__rows set _minor = _minor + 1000 where id = 11",
  );
  await night();
  expect((await find()).map((one) => one?.accepted)).toEqual([null, null, null]);
  await byHand(
    `update staging.billing_customers__rows set email = '${SECRET_EMAIL}' where id = 15`,
    "update staging.billing_payments__rows set _minor = _minor - 1001 where id = 11",
  );
  await night();
});

test("nothing is netted, neither across currencies nor within one", async () => {
  await unstamped(
    "update billing.payments set amount_minor = amount_minor + 1000000 where id = 12",
    "update billing.payments set amount_minor = amount_minor - 1000000 where id = 13",
    "update billing.payments set amount_minor = 7, currency = 'USD' where id = 14",
  );
  await place.ledgerloop("reconcile", "run", "--feed", "billing.payments", "--leg", "R1");
  const { out } = await place.ledgerloop("reconcile", "breaks", "--feed", "billing.payments", "--class", "amount");
  expect(out).toContain("3 open, source less published: 10000.00 EUR, -10058.31 EUR, 0.07 USD\n");
  expect(out).toMatch(/id 14 +currency, amount_minor +0\.07 USD +58\.31 EUR +0\.07 USD, -58\.31 EUR/);
  await unstamped("update billing.payments set amount_minor = 5831, currency = 'EUR' where id in (12, 13, 14)");
  await place.ledgerloop("reconcile", "run", "--feed", "billing.payments", "--leg", "R1");
  expect((await broken("--feed", "billing.payments", "--class", "amount")).breaks).toEqual([]);
});

test("a break that becomes another one keeps its id, and one that is equal again is cleared", async () => {
  const [was] = (await broken("--class", "amount")).breaks;
  await unstamped("update billing.invoices set amount_due_minor = 5831, description = 'settled' where id = 2");
  await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1");
  const { breaks, roll_forward } = await broken("--feed", "billing.invoices");
  const now = breaks.find(({ break_id }) => break_id === was?.break_id);
  expect([now?.class, now?.columns, now?.found_at]).toEqual(["attribute", ["description"], was?.found_at]);
  expect(roll_forward.find((line) => line.class === "attribute")).toMatchObject({ opening: 0, found: 2, closing: 2 });
  await unstamped("update billing.invoices set description = null where id = 2");
  await place.ledgerloop("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1");
  const after = await broken("--feed", "billing.invoices", "--cleared");
  expect(after.breaks.find(({ break_id }) => break_id === was?.break_id)).toMatchObject({ open: false, class: "attribute" });
  const { events } = await explained(was?.break_id ?? "");
  expect(events.map(({ event, class: is }) => `${event} ${is}`)).toEqual([
    "found amount",
    "changed attribute",
    "cleared attribute",
  ]);
  const later = await broken("--feed", "billing.invoices", "--since", events[1]?.at ?? "");
  expect(later.roll_forward.find((line) => line.class === "amount")).toMatchObject({ opening: 1, reclassified: -1, closing: 0 });
  expect(later.roll_forward.find((line) => line.class === "attribute")).toMatchObject({
    reclassified: 1,
    cleared: 1,
    closing: 1,
  });
});

test("the commands that a break prints lead out of it, typed as they are printed", async () => {
  // What has no way home but by hand, and what would be bad rows, is put right first.
  await unstamped(
    "update billing.invoices set currency = 'EUR' where id = 3",
    "update billing.invoices set description = null where id = 7",
  );
  await byHand(
    "delete from staging.billing_customers__rows where id = 6",
    "update staging.billing_payments__rows set _minor = _minor - 1 where id = 4",
    "update history.customer set legal_name = 'Company 12' where customer_id = 'cus_12'",
  );
  await place.ledgerloop("reconcile", "run");
  const { breaks } = await broken();
  expect(breaks.map(text).sort()).toEqual([
    "attribute billing.invoices 4 customer_email,description",
    "missing_in_warehouse billing.customers 6",
    "missing_in_warehouse billing.subscriptions 99",
    "model customer cus_6",
    "model subscription sub_8 plan_id",
    "unexplained billing.customers …",
  ]);
  const followed = async (is: string, of: string) => {
    const one = breaks.find((found) => found.class === is && found.of === of);
    const { next } = await explained(one?.break_id ?? "");
    const codes: number[] = [];
    for (const command of next) codes.push((await typed(command)).code);
    return codes;
  };
  // What another hand did comes first: nothing of the group is published over it.
  expect(await followed("missing_in_warehouse", "billing.customers")).toEqual([0, 0]);
  expect(await followed("model", "subscription")).toEqual([0, 0, 0]);
  expect(await followed("attribute", "billing.invoices")).toEqual([0, 0, 0]);
  expect(await followed("missing_in_warehouse", "billing.subscriptions")).toEqual([0, 0]);
  expect((await place.ledgerloop("reconcile", "run")).out).toContain("what is published is what its sources hold");
  expect(await broken()).toMatchObject({ code: 0, breaks: [] });
});
