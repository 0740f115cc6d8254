import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { BreakDocument, BreaksDocument, ExplainDocument } from "../../src/documents/breaks.ts";
import type { HealDocument, HealedUnaskedDocument } from "../../src/documents/heal.ts";
import { changeByHand } from "../support/by-hand.ts";
import { atSource as runAtSource, unstamped as runUnstamped } from "./at-source.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

/** More than a comparison names. */
const MANY = 1_100;

let place: ProgramPlace;
let pipeline: string;

const atSource = (...statements: readonly string[]) => runAtSource(place, statements);

const unstamped = (...statements: readonly string[]) => runUnstamped(place, statements);

const here = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);

async function document<T>(...args: string[]): Promise<T & { code: number }> {
  const { code, document } = await place.json(...args, "--pipeline", pipeline);
  return { code, ...(document as T) };
}

async function breaks(...args: string[]): Promise<readonly BreakDocument[]> {
  return (await document<BreaksDocument>("reconcile", "breaks", ...args)).breaks;
}

const text = ({ class: is, of, key }: BreakDocument) => [is, of, ...Object.values(key)].join(" ");

/** The pipeline's files, with something of one of them put differently. */
function change(file: string, from: string | RegExp, to: string): void {
  const path = join(pipeline, file);
  const was = readFileSync(path, "utf8");
  const is = was.replace(from, to);
  expect(is).not.toBe(was);
  writeFileSync(path, is);
}

beforeAll(async () => {
  place = await emptyPlace();
  pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  await atSource(`${ROWS};${SETTLED}`);
  await atSource(`insert into billing.customers (id, customer_id, legal_name, email, phone, currency, balance_minor, delinquent)
    select n, 'cus_' || n, 'Company ' || n, 'a@example.test', '+49 30 5550100', 'EUR', 0, false from generate_series(101, ${100 + MANY}) n`);
  await here("up");
  expect((await here("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  expect((await here("reconcile", "run")).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

test("more rows than a comparison names are healed round by round", async () => {
  await unstamped("update billing.customers set legal_name = 'Other' where id > 100");
  expect((await here("reconcile", "run", "--leg", "R1")).code).toBe(10);
  const rounds = await document<HealDocument>("reconcile", "heal", "--class", "attribute");
  expect([rounds.code, rounds.runs.length, rounds.healed.length]).toEqual([0, 2, MANY]);
  expect(rounds.healed.every(({ open }) => !open)).toBe(true);
  expect(await breaks()).toEqual([]);
});

test("what is healed by its id says that more of the same comparison differs", async () => {
  await unstamped("update billing.customers set legal_name = 'Third' where id in (101, 102)");
  await here("reconcile", "run", "--leg", "R1");
  const [one] = await breaks();
  const { code, out } = await here("reconcile", "heal", one?.break_id ?? "");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/\n1 healed\nnext: `ledgerloop reconcile breaks` lists what else differs\n$/),
  ]);
  expect((await here("reconcile", "heal", "--class", "attribute")).code).toBe(0);
});

test("where a feed's rows cannot go, one that its source does not have is not healed, and what leads out of it is said", async () => {
  change("sources/billing.yaml", /(\n {2}subscriptions:\n)/, "$1    absence: incomplete\n");
  await unstamped("delete from billing.subscriptions where id = 5");
  await here("reconcile", "run", "--leg", "R1");
  const [one] = await breaks();
  expect(text(one as BreakDocument)).toBe("missing_at_source billing.subscriptions 5");
  const { code, out } = await here("reconcile", "heal", "--class", "missing_at_source");
  expect([code, out]).toEqual([10, expect.stringContaining("its rows cannot go (absence: incomplete)")]);
  const { next } = await document<ExplainDocument>("reconcile", "explain", one?.break_id ?? "");
  expect(next).toEqual([
    "ledgerloop show row billing.subscriptions 5",
    expect.stringMatching(/^ledgerloop reconcile accept brk_\w+ --until \d{4}-\d\d-\d\d --reason "…"$/),
    expect.stringContaining("reconcile recheck"),
  ]);
  change("sources/billing.yaml", "    absence: incomplete\n", "");
});

test("what is healed unasked is what the comparison has found", async () => {
  change("pipeline.yaml", /$/, "reconcile: { heal: { automatic: [attribute, tampered], deletes: 10 } }\n");
  await unstamped(
    "update billing.customers set legal_name = 'Fourth' where id = 1",
    "update billing.invoices set description = 'by the branch' where id = 4",
  );
  // Found by somebody who heals nothing unasked.
  await place.ledgerloop("reconcile", "run", "--leg", "R1", "--feed", "billing.customers");
  const { healed } = await document<{ healed: HealedUnaskedDocument | null }>(
    ...["reconcile", "run", "--leg", "R1", "--feed", "billing.invoices"],
  );
  expect(healed?.breaks.map(({ open }) => open)).toEqual([false]);
  expect((await breaks("--class", "attribute")).map(text)).toEqual(["attribute billing.customers 1"]);
});

test("a heal that fails unasked takes nothing of what was compared", async () => {
  await changeByHand(place.folder, ["update staging.billing_invoices__rows set _minor = _minor + 1 where id = 6"]);
  const away = { BILLING_URL: "postgres://nobody@127.0.0.1:1/nowhere" };
  const failed = await place.at(away, "reconcile", "run", "--leg", "R4", "--pipeline", pipeline);
  expect([failed.code, failed.out]).toEqual([40, expect.stringContaining("next: `ledgerloop reconcile breaks` lists each")]);
  expect(failed.err).toContain("127.0.0.1:1");
  const json = await place.at(away, "reconcile", "run", "--leg", "R4", "--pipeline", pipeline, "--json");
  expect([json.code, JSON.parse(json.out)]).toEqual([40, expect.objectContaining({ healed: null })]);
  expect((await here("reconcile", "run", "--leg", "R4")).code).toBe(0);
});
