import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { systemTimer } from "../../src/kernel/clock.ts";
import { sharedRates } from "../../src/run/shared-rates.ts";
import { claimSlot, holdRate, isHeldBeyond, type Slot } from "../../src/store/operations/claim-slot.ts";
import { migrateStore, openStore, type Store } from "../../src/store/store.ts";
import { startTestCluster } from "../support/cluster.ts";
import { fakeTimer } from "../support/fake-timer.ts";
import { freshDatabase } from "../support/postgres.ts";

/** Control stores of two processes, in one database, and a journal of every slot that was given out, kept by the database. */
async function twoStores() {
  const db = await freshDatabase();
  await migrateStore(db.url);
  const admin = await db.client();
  await admin.query(`
    create table given (n bigserial, name text, next_at timestamptz, held boolean);
    create function note() returns trigger language plpgsql as $$
    begin
      insert into public.given (name, next_at, held)
      values (new.name, new.next_at, tg_op = 'UPDATE' and new.next_at = old.next_at or new.held_until is not null and tg_op = 'INSERT');
      return new;
    end $$;
    create trigger note after insert or update on ledgerloop.rate for each row execute function note()`);
  const stores = [await openStore(db.url), await openStore(db.url)] as const;
  return {
    url: db.url,
    stores,
    admin,
    /** When slots began, in microseconds, in the order that they were given out, for a rate of so many microseconds a slot. */
    given: async (name: string, every: number, burst: number): Promise<number[]> => {
      const sql = `select (extract(epoch from next_at) * 1000000)::bigint as at from given where name = $1 and not held order by n`;
      const { rows } = await admin.query<{ at: string }>(sql, [name]);
      return rows.map(({ at }) => Number(at) - every * burst);
    },
    [Symbol.asyncDispose]: async () => {
      for (const store of stores) await store.close();
      await db[Symbol.asyncDispose]();
    },
  };
}

const micros = ({ at }: Slot) => {
  const [, fraction = "0"] = /\.(\d+)/.exec(at) ?? [];
  return Math.floor(Date.parse(`${at.slice(0, 19).replace(" ", "T")}Z`) / 1000) * 1_000_000 + Number(fraction.padEnd(6, "0"));
};

/** In no stretch of time begin more slots than were saved up and come back. */
function expectKept(slots: readonly number[], { every, burst }: { every: number; burst: number }): void {
  const sorted = [...slots].sort((a, b) => a - b);
  for (const [i, from] of sorted.entries()) {
    for (let j = i; j < sorted.length; j += 1) {
      const stretch = (sorted[j] ?? 0) - from;
      expect(j - i + 1, `${j - i + 1} slots in ${stretch} µs`).toBeLessThanOrEqual(burst + Math.floor(stretch / every));
    }
  }
}

async function claims(store: Store, rate: { name: string; perSecond: number; burst: number }, count: number): Promise<Slot[]> {
  const found: Slot[] = [];
  for (let i = 0; i < count; i += 1) {
    const slot = await claimSlot(store, rate, null);
    if (slot) found.push(slot);
  }
  return found;
}

/** A process of its own that takes tokens of a rate, many at once; gives the database's instant after each. */
function asker(url: string, count: number): Promise<string[]> {
  const script = `
    import { systemTimer } from "${join(process.cwd(), "src/kernel/clock.ts")}";
    import { sharedRates } from "${join(process.cwd(), "src/run/shared-rates.ts")}";
    import { openStore } from "${join(process.cwd(), "src/store/store.ts")}";
    const store = await openStore(process.argv[1]);
    const bucket = sharedRates(store, systemTimer)({ name: "r", perSecond: 200, burst: 3 });
    await Promise.all(Array.from({ length: ${count} }, async () => {
      await bucket.take();
      const [row] = await store.ask("select clock_timestamp()::text as now");
      console.log(row.now);
    }));
    await store.close();`;
  return new Promise((done) => {
    const child = spawn("npx", ["tsx", "--input-type=module", "-e", script, url], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.on("close", () => done(out.trim().split("\n")));
  });
}

describe("a rate that two processes keep", () => {
  test("is never exceeded by both together, whoever asks how often, by the database's own instants", async () => {
    await using place = await twoStores();
    const rate = { name: "stripe/acct_1/all", perSecond: 300, burst: 7 };
    const every = Math.ceil(1_000_000 / 300);
    const all = await Promise.all(place.stores.flatMap((store) => [claims(store, rate, 60), claims(store, rate, 60)]));
    const slots = all.flat().map(micros);
    expect(slots).toHaveLength(240);
    expectKept(slots, { every, burst: 7 });
    for (const own of all) expect(own.map(micros)).toEqual(own.map(micros).sort((a, b) => a - b));
  });

  test("is waited for in each of two processes, and each request comes after its slot", async () => {
    await using place = await twoStores();
    const taken = (await Promise.all([asker(place.url, 40), asker(place.url, 40)])).flat().sort();
    const slots = (await place.given("r", 5000, 3)).sort((one, other) => one - other);
    expect([taken.length, slots.length]).toEqual([80, 80]);
    expectKept(slots, { every: 5000, burst: 3 });
    // The n-th that was let through not before the n-th slot; a timer may be a millisecond early.
    for (const [i, slot] of slots.entries()) expect(micros({ at: taken[i] ?? "", waitMs: 0 })).toBeGreaterThan(slot - 2000);
  });

  test("has a bucket for each name", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    await claimSlot(one, { name: "a", perSecond: 0.001, burst: 1 }, null);
    expect((await claimSlot(other, { name: "b", perSecond: 0.001, burst: 1 }, null))?.waitMs).toBe(0);
    expect((await claimSlot(other, { name: "a", perSecond: 0.001, burst: 1 }, null))?.waitMs).toBeGreaterThan(900_000);
  });
});

describe("a slot", () => {
  test("that comes too late is not taken, and stays for the next", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    const rate = { name: "r", perSecond: 0.01, burst: 1 };
    await claimSlot(one, rate, null);
    expect(await claimSlot(other, rate, 99_000)).toBeNull();
    const next = await claimSlot(other, rate, 100_000);
    expect(next?.waitMs).toBeGreaterThan(50_000);
    expect(next?.waitMs).toBeLessThanOrEqual(100_000);
    const timer = fakeTimer();
    expect(await sharedRates(one, timer)(rate).take({ until: 150_000 })).toBe(false);
    expect(timer.now()).toBe(0);
  });

  test("whose taker gives up while waiting is given to nobody else: no stretch gets one more", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    const rate = { name: "r", perSecond: 0.1, burst: 1 };
    const bucket = sharedRates(one, systemTimer)(rate);
    await bucket.take();
    const abandoned = new AbortController();
    const waiting = Promise.allSettled(Array.from({ length: 5 }, () => bucket.take({ signal: abandoned.signal })));
    while ((await place.given("r", 10_000_000, 1)).length < 6) await sleep(5);
    abandoned.abort(new Error("cancelled"));
    expect((await waiting).map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    await expect(bucket.take({ signal: abandoned.signal })).rejects.toThrow("cancelled");
    await claims(other, rate, 5);
    const slots = await place.given("r", 10_000_000, 1);
    expect(slots).toHaveLength(11);
    expectKept(slots, { every: 10_000_000, burst: 1 });
  });

  test("is given up at once while the store does not answer", async () => {
    await using place = await twoStores();
    const [one] = place.stores;
    const rate = { name: "r", perSecond: 10, burst: 1 };
    await claimSlot(one, rate, null);
    await place.admin.query("begin; select from ledgerloop.rate where name = 'r' for update");
    const abandoned = new AbortController();
    const waiting = sharedRates(one, systemTimer)(rate).take({ signal: abandoned.signal });
    setTimeout(() => abandoned.abort(new Error("cancelled")), 20);
    await expect(waiting).rejects.toThrow("cancelled");
    await place.admin.query("rollback");
  });
});

describe("a hold", () => {
  test("is everybody's: nothing saved up goes through it, and behind it slots come at the rate", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    const rate = { name: "r", perSecond: 10, burst: 5 };
    await claimSlot(one, rate, null);
    await holdRate(one, "r", 60_000);
    const slots = await claims(other, rate, 3);
    expect(slots[0]?.waitMs).toBeGreaterThan(30_000);
    const [first = 0, ...behind] = slots.map(micros);
    expect(behind).toEqual([first + 100_000, first + 200_000]);
  });

  test("holds also with a bucket that saves up more, and a shorter one changes nothing", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    await holdRate(one, "r", 60_000);
    await holdRate(one, "r", 1000);
    expect((await claimSlot(other, { name: "r", perSecond: 10, burst: 1000 }, null))?.waitMs).toBeGreaterThan(50_000);
  });

  test("makes slots void that were given out before it: who waits for one asks again", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    const rate = { name: "r", perSecond: 0.01, burst: 1 };
    await claimSlot(one, rate, null);
    const timer = fakeTimer();
    const pause = async (milliseconds: number) => {
      await sharedRates(other, timer)(rate).hold(300_000);
      await timer.pause(milliseconds);
    };
    expect(await sharedRates(one, { ...timer, pause })(rate).take({ until: 200_000 })).toBe(false);
    const slot = await claimSlot(one, rate, null);
    expect(slot?.waitMs).toBeGreaterThan(250_000);
    expect(await isHeldBeyond(other, "r", slot?.at ?? "")).toBe(false);
  });

  test("is no longer than an hour, whatever a service says", async () => {
    await using place = await twoStores();
    const [one, other] = place.stores;
    const rate = { name: "r", perSecond: 1, burst: 1 };
    await sharedRates(one, systemTimer)(rate).hold(999_999_999_000);
    expect((await claimSlot(other, rate, null))?.waitMs).toBeLessThanOrEqual(3_600_000);
  });
});

test("limits that were changed hold from the next slot on", async () => {
  await using place = await twoStores();
  const [one, other] = place.stores;
  const before = await claims(one, { name: "r", perSecond: 1000, burst: 10 }, 10);
  expect(before.map(({ waitMs }) => waitMs)).toEqual(before.map(() => 0));
  const slower = (await claims(other, { name: "r", perSecond: 2, burst: 1 }, 3)).map(micros);
  expectKept(slower, { every: 500_000, burst: 1 });
  const faster = (await claims(one, { name: "r", perSecond: 1000, burst: 1 }, 3)).map(micros);
  expectKept([...slower, ...faster].slice(2), { every: 1000, burst: 1 });
});

test("a store that is away is the failure of every question to it", async () => {
  const cluster = await startTestCluster();
  const { url } = await freshDatabase({ on: cluster });
  await migrateStore(url);
  const store = await openStore(url);
  const bucket = sharedRates(store, systemTimer)({ name: "r", perSecond: 1, burst: 1 });
  expect(await bucket.take()).toBe(true);
  await cluster.stop();
  await expect(bucket.take()).rejects.toMatchObject({ kind: "retryable" });
  await expect(bucket.hold(1000)).rejects.toMatchObject({ kind: "retryable" });
  await store.close();
});
