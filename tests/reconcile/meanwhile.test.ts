import { readdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { TERMS } from "../../src/proofs/terms.ts";
import { feedTerms } from "../../src/reconcile/feed-terms.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import type { ProvingTools } from "../../src/reconcile/tools.ts";
import type { SourceReader } from "../../src/sources/source.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import type { House } from "../support/engine.ts";

const LOOK = {
  feed: "app.items",
  terms: TERMS,
  limit: 100,
  signal: new AbortController().signal,
  tell: () => undefined,
  onRead: () => undefined,
};

/** The tools of a house, with something that happens once its source has been read, for the first or the second time. */
function withHappening(house: House, on: "contents" | "rowsOf", happen: () => Promise<unknown>): ProvingTools {
  const tools = provingTools(house);
  const behind =
    <A, R>(work: ((request: A) => Promise<R>) | undefined) =>
    async (request: A): Promise<R> => {
      if (!work) throw new Error("the reader reads no contents");
      const read = await work(request);
      await happen();
      return read;
    };
  return {
    ...tools,
    readerOf: async (source): Promise<SourceReader> => {
      const reader = await tools.readerOf(source);
      return on === "contents" ? { ...reader, contents: behind(reader.contents) } : { ...reader, rowsOf: behind(reader.rowsOf) };
    },
  };
}

async function loadedHouse(): Promise<House> {
  const house = await openComparedHouse();
  await house.source.query(
    "insert into app.items (id, item_id, amount, currency) select n, 'i' || n, n, 'USD' from generate_series(1, 6) n",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  return house;
}

test("what is published while a source is read is in flight, and everything else is attested", async () => {
  await using house = await loadedHouse();
  const tools = withHappening(house, "contents", async () => {
    await house.source.query(`update app.items set label = 'later', v = v + 1, chg = pg_current_xact_id() where id = 1;
      insert into app.items (id, item_id, amount, currency) values (7, 'i7', 7, 'USD');
      delete from app.items where id = 2`);
    expect((await house.run({ keys: true })).report?.outcome).toBe("published");
  });
  const { proof, listed } = await feedTerms(tools, LOOK);
  expect([proof.notProven, proof.says, proof.differing]).toEqual([null, [], 0n]);
  const named = new Map(listed.map(({ term, keys }) => [term, keys.map(({ key }) => key["id"])]));
  expect(named.get("in_flight")).toEqual(["1", "2", "7"]);
  expect(named.get("equal")).toEqual(["3", "4", "5", "6"]);
});

test("a comparison that is broken off leaves nothing that a later one, or a run, would meet", async () => {
  await using house = await loadedHouse();
  await house.source.query("update app.items set label = 'unstamped' where id = 3");
  for (const on of ["contents", "rowsOf"] as const) {
    const broken = withHappening(house, on, () => Promise.reject(new Error("killed")));
    await expect(feedTerms(broken, LOOK)).rejects.toThrow("killed");
    expect(await house.engine.objects.list("landing/app/items/reconcile")).toEqual([]);
    expect(readdirSync(join(house.folder, "objects/landing/app/items")).filter((name) => name.startsWith("reconcile"))).toEqual(
      [],
    );
  }
  const { proof } = await feedTerms(provingTools(house), LOOK);
  expect(proof.keys).toEqual([{ key: { id: "3" }, why: "differs" }]);
  expect((await house.run()).report?.outcome).toBe("published");
});

test("a table that is read whole tells of each row whether it was written since, and a view of none", async () => {
  await using house = await loadedHouse();
  await house.source.query(
    "insert into app.notes (book, page, text) select '00000000-0000-0000-0000-00000000000a', n, 'page ' || n from generate_series(1, 4) n",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  const tools = provingTools(house);
  const notes = async () => {
    const { proof, listed } = await feedTerms(tools, { ...LOOK, feed: "app.notes" });
    return { proof, named: new Map(listed.map(({ term, keys }) => [term, keys.map(({ key }) => key["page"])])) };
  };
  expect((await notes()).named.get("equal")).toEqual(["1", "2", "3", "4"]);
  await house.source.query(
    "update app.notes set text = 'another' where page = 2; insert into app.notes values ('00000000-0000-0000-0000-00000000000b', 1, null)",
  );
  const { named } = await notes();
  expect([named.get("equal"), named.get("in_flight"), named.get("break")]).toEqual([["1", "3", "4"], ["2", "1"], []]);
  await house.source.query("alter table app.notes rename to pages; create view app.notes as select * from app.pages");
  expect((await house.run()).report?.outcome).toBe("published");
  expect((await notes()).proof.notProven).toContain("its rows do not tell who wrote them");
});

test("a text in place of a number makes no other row of the columns beside it, and an empty one is no NULL", async () => {
  await using house = await loadedHouse();
  await house.source.query(
    "update app.items set loose = '1', label = 'ab|:', v = v + 1, chg = pg_current_xact_id() where id in (1, 2)",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  await house.source.query(
    "update app.items set loose = '1|4:ab', label = null where id = 1; update app.items set loose = '' where id = 3",
  );
  const { proof } = await feedTerms(provingTools(house), LOOK);
  expect(proof.keys).toEqual([
    { key: { id: "1" }, why: "differs" },
    { key: { id: "3" }, why: "differs" },
  ]);
});

test("rows of a savepoint whose transaction was open during the read are in flight, and no break", async () => {
  await using house = await loadedHouse();
  const client = new pg.Client({ connectionString: house.env["APP_URL"] });
  await client.connect();
  await client.query("begin; insert into app.notes values ('00000000-0000-0000-0000-00000000000c', 1, 'outside')");
  await client.query(
    "savepoint s; insert into app.notes values ('00000000-0000-0000-0000-00000000000c', 2, 'inside'); release s",
  );
  await house.source.query("insert into app.notes values ('00000000-0000-0000-0000-00000000000c', 3, 'beside')");
  expect((await house.run()).report?.outcome).toBe("published");
  await client.query("commit");
  await client.end();
  const { proof, listed } = await feedTerms(provingTools(house), { ...LOOK, feed: "app.notes" });
  expect([proof.notProven, proof.keys]).toEqual([null, []]);
  const inFlight = listed.find(({ term }) => term === "in_flight")?.keys.map(({ key }) => key["page"]);
  expect(inFlight).toEqual(expect.arrayContaining(["1", "2"]));
});

test("another row of a key that changes while it is read is in flight, and closes no break", async () => {
  await using house = await loadedHouse();
  await house.source.query(`insert into app.items select * from app.items where id = 3;
    update app.items set label = 'other', amount = 7 where ctid = (select max(ctid) from app.items where id = 3)`);
  const compared = async (tools: ProvingTools) => {
    const options = {
      ...LOOK,
      only: "app.items",
      legs: new Set(["R1"] as const),
      tiers: new Set(["all"] as const),
      budget: null,
    };
    const [proof] = await reconcile(tools, { ...options, keep: { reason: "test" } }, async (_session, _dialect, { groups }) =>
      groups.flatMap(({ proofs }) => proofs),
    );
    return proof?.equation?.terms.map(({ term, sourceRows }) => `${term} ${sourceRows}`);
  };
  expect(await compared(provingTools(house))).toEqual(["break 1", "equal 6"]);
  const meanwhile = provingTools(house);
  const readerOf: ProvingTools["readerOf"] = async (source) => {
    const reader = await meanwhile.readerOf(source);
    const rowsOf: NonNullable<SourceReader["rowsOf"]> = async (request) => {
      await house.source.query("update app.items set amount = amount + 1 where id = 3 and label = 'other'");
      return (await reader.rowsOf?.(request)) ?? expect.fail("it reads no rows");
    };
    return { ...reader, rowsOf };
  };
  expect(await compared({ ...meanwhile, readerOf })).toEqual(["equal 6", "in_flight 1"]);
  const events = await house.query("select event from ops.break_event");
  expect(events.map(({ event }) => event)).toEqual(["found"]);
});
