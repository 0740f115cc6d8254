import { expect, test } from "vitest";
import { failAt, killAt, siteBefore } from "../support/crashing.ts";
import { expectWholeAtEvery } from "../support/expect-whole.ts";
import { aroundStore, aroundWarehouse, atMoment, type Kind } from "../support/fuse.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../support/partners-house.ts";
import { moments } from "../support/sampled.ts";

const WINDOW = { start: at("08:00"), end: at("09:00") };
const HOUR = { window: WINDOW, args: ["run", "--window", `${WINDOW.start.toISOString()}/${WINDOW.end.toISOString()}`] };
const file = (...rows: readonly string[]) =>
  `remittance,invoice_id,amount,currency,paid_on\n${rows.map((row) => `${row},EUR,2026-05-11\n`).join("")}`;
const day = (n: number) => `remittances/acme/2026-05-1${n}.csv`;

/** A published hour of two files, and behind it one that has everything: replaced, new, repeated, stopped, malformed. */
async function twoHours(keys = ""): Promise<PartnersHouse> {
  const partners = await openPartnersHouse(keys);
  partners.put(day(1), file("r1,I-1,10.00", "r2,I-2,20.00"));
  partners.put(day(2), file("r3,I-3,30.00", "r1,I-1,11.00"));
  expect((await partners.run()).report?.outcome).toBe("published");
  partners.put(day(2), file("r3,I-3,31.00", "r4,I-4"), at("07:30"));
  partners.put(day(3), file("r5,I-5,50.00", "r6,I-6,-1"));
  partners.put(day(4), file("r1,I-1,10.00", "r2,I-2,20.00"));
  partners.put(day(5), "not a header\n");
  return partners;
}

test.each([
  ["known by their content", ""],
  ["with keys of their own", "source_key: [remittance_id]"],
])("a run over files %s is broken off at any object, statement or question, repeated, and is the clean run", async (_, keys) => {
  await using partners = await twoHours(keys);
  const site = await siteBefore(partners.house, HOUR);
  for (const kind of ["objects", "warehouse", "store"] as const) await expectWholeAtEvery(site, { kind, when: "before" }, failAt);
});

test.each([
  ["in a download", "putByDigest"],
  ["in a row file", "put"],
  ["between row files and manifest", "putIfAbsent"],
])("the program, killed %s and repeated, is the clean run", async (_, what) => {
  await using partners = await twoHours();
  const site = await siteBefore(partners.house, HOUR);
  for (const when of ["before", "after"] as const) {
    const run = await killAt(site, { kind: "objects", what, when, at: 1 });
    expect(run.reached, `${when} ${what}`).toBe(true);
    expect(run.between).toEqual(site.before);
    expect(run.after).toEqual(site.clean);
  }
});

class Crash extends Error {}

/** Somebody accepts a held file; the n-th call of a kind throws. @returns whether there was such a call. */
async function acceptBroken({ house, decide }: PartnersHouse, kind: Kind, nth: number): Promise<boolean> {
  const fuse = atMoment({ kind, when: "before", at: nth }, () => {
    throw new Crash("broken off");
  });
  const engine = { warehouse: aroundWarehouse(house.engine.warehouse, fuse), store: aroundStore(house.store, fuse) };
  try {
    await decide("accept", day(1), engine);
    return false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return true;
  } finally {
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
  }
}

test("a decision that is broken off at any statement or question is recorded once or not, and the next run follows what is", async () => {
  await using partners = await openPartnersHouse("redelivery: hold");
  partners.put(day(1), file("r1,I-1,1.00"));
  await partners.run();
  const { house } = partners;
  const recorded = async () => (await house.query("select * from ops.audit_event where event = 'part.accepted'")).length;
  let amount = 1;
  for (const kind of ["warehouse", "store"] satisfies Kind[]) {
    for (const nth of moments()) {
      amount += 1;
      partners.put(day(1), file(`r1,I-1,${amount}.00`), at("07:00"));
      await house.run();
      const before = await recorded();
      const isBroken = await acceptBroken(partners, kind, nth);
      if ((await recorded()) === before) await partners.decide("accept", day(1));
      expect(await recorded()).toBe(before + 1);
      await house.run();
      expect(await partners.published(), `${kind} call ${nth}`).toEqual([`r1 ${amount}.00 ${day(1)}`]);
      if (!isBroken) break;
    }
  }
});
