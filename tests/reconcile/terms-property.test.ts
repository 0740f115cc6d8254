import { copyFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { grouped } from "../../src/kernel/grouped.ts";
import type { Json } from "../../src/kernel/json.ts";
import { TERMS, type Term } from "../../src/proofs/terms.ts";
import type { Base, Extent } from "../../src/reconcile/extent.ts";
import type { ListedTerm } from "../../src/reconcile/feed-terms.ts";
import { changeByHand } from "../support/by-hand.ts";
import { cases } from "../support/cases.ts";
import { compared, comparedPart, openComparedHouse } from "../support/compared-house.ts";
import type { House } from "../support/engine.ts";

/** Columns of the contract, and values by which a row may be right, wrong or spelled otherwise; SQL. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  item_id: ["'i' || id", "null"],
  loose: ["null", "''", "'7'", "'007'", "'1|4:ab'"],
  label: ["null", "''", "'-'", "'a|b'", "'«é» 👩‍💻'", "E'line\\nbreak \"x\"'", "'trailing  '", "repeat('ß', 300)"],
  code: ["null", "'ab'", "'ABCDE'"],
  count: ["null", "0", "-2147483648", "2147483647"],
  small: ["null", "32767"],
  amount: ["null", "0", "-0.01", "1.5", "1.50", "1.500", "1234567890123456.78", "1.505", "7"],
  currency: ["'USD'", "'JPY'", "null", "'XXX'"],
  rate: ["null", "0.000000000001", "-1.5"],
  flag: ["null", "true", "false"],
  day: ["null", "'0001-01-01'", "'9999-12-31'", "'infinity'", "'0044-03-15 BC'"],
  at: ["null", "'1969-12-31 23:59:59.999999+00'", "'2026-10-25 02:30:00.5+02'", "'infinity'"],
  local_at: ["null", "'2026-03-29 02:30:00'", "'1970-01-01 00:00:00.000001'"],
  ref: ["null", "'00000000-0000-0000-0000-00000000000a'"],
};
const CONTRACT = ["id", "item_id", "v", ...Object.keys(VALUES).slice(1)];
const KEYS = 12;

type Act = (id: number, column: string, value: string) => string;

/** What happens at the source; a change with `chg` is one that the next run sees. */
const ACTS: Readonly<Record<string, Act>> = {
  insert: (id, column, value) =>
    `insert into app.items (id, item_id, currency) select ${id}, 'i' || ${id}, 'USD' where not exists (select from app.items where id = ${id}); update app.items set ${column} = ${value} where id = ${id}`,
  change: (id, column, value) =>
    `update app.items set ${column} = ${value}, v = v + 1, chg = pg_current_xact_id() where id = ${id}`,
  unstamped: (id, column, value) => `update app.items set ${column} = ${value} where id = ${id}`,
  unseen: (id, column, value) =>
    `insert into app.items (id, item_id, currency, chg) select ${id}, 'i' || ${id}, 'USD', '3' where not exists (select from app.items where id = ${id}); update app.items set ${column} = ${value} where id = ${id}`,
  remove: (id) => `delete from app.items where id = ${id}`,
  copy: (id) => `insert into app.items select * from app.items where id = ${id} limit 1`,
  older: (id, column, value) =>
    `insert into app.items (id, item_id, v, currency, chg) select id, item_id, v - 1, currency, chg from app.items where id = ${id} limit 1; update app.items set ${column} = ${value} where id = ${id} and v = (select min(v) from app.items where id = ${id})`,
  other: (id, column, value) =>
    `insert into app.items select * from app.items where id = ${id} limit 1; update app.items set ${column} = ${value} where ctid = (select max(ctid) from app.items where id = ${id})`,
  keyless: (_, column, value) =>
    `insert into app.items (currency) values ('USD'); update app.items set ${column} = ${value} where id is null`,
};

/** What somebody does to the warehouse by hand. */
const TAMPERING: Readonly<Record<string, (id: number) => string>> = {
  label: (id) => `update staging.app_items__rows set label = 'by hand' where id = ${id}`,
  amount: (id) => `update staging.app_items__rows set amount = coalesce(amount, 0) + 0.01 where id = ${id}`,
  emptied: (id) => `update staging.app_items__rows set label = case when label is null then '' end where id = ${id}`,
  lost: (id) => `delete from staging.app_items__rows where id = ${id}`,
  doubled: (id) =>
    `insert into staging.app_items__rows select * from staging.app_items__rows where id = ${id} and _deleted_at is null limit 1`,
  buried: (id) => `update staging.app_items__rows set _deleted_at = now() where id = ${id}`,
};

const ID = fc.integer({ min: 1, max: KEYS });
const CELL = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((column) => fc.constantFrom(...(VALUES[column] ?? [])).map((value) => [column, value] as const));
const ACT = fc
  .tuple(fc.constantFrom(...Object.keys(ACTS)), ID, CELL)
  .map(([act, id, [column, value]]) => ACTS[act]?.(id, column, value) ?? "");
const TAMPER = fc.tuple(fc.constantFrom(...Object.keys(TAMPERING)), ID).map(([act, id]) => TAMPERING[act]?.(id) ?? "");
const STORY = fc.record({
  before: fc.array(ACT, { minLength: 8, maxLength: 25 }),
  between: fc.array(ACT, { maxLength: 8 }),
  after: fc.array(ACT, { maxLength: 8 }),
  tampered: fc.array(TAMPER, { maxLength: 4 }),
});

type Texts = Readonly<Record<string, string | null>>;

const fileOf = (house: House) => join(house.folder, "warehouse.duckdb");

/** One text for all spellings of a value: no zeros behind a fraction, no zone. */
function plain(text: string | null): string | null {
  const short = text?.replace(/[+]00$/, "") ?? null;
  return short !== null && /^(-?\d+|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[.]\d+$/.test(short)
    ? short.replace(/0+$/, "").replace(/[.]$/, "")
    : short;
}

const contentOf = (row: Texts, texts: readonly string[]) =>
  JSON.stringify(CONTRACT.map((name) => (texts.includes(name) ? (row[name] ?? null) : plain(row[name] ?? null))));
const TEXTS = ["item_id", "label", "code", "currency", "ref"];

interface Sides {
  readonly source: readonly Texts[];
  readonly live: readonly Texts[];
  /** Landed texts of rows that wait. */
  readonly waiting: readonly Texts[];
  /** The published cursor. */
  readonly cursor: bigint;
}

/** Both sides, and what was live before a hand came. */
interface Story extends Sides {
  readonly untouched: readonly Texts[];
}

async function sidesOf(house: House): Promise<Sides> {
  const landed = CONTRACT.map((name) => `case when ${name} is not null then concat(${name}) end as ${name}`);
  const source = await house.source.query<Record<string, string | null>>(
    `set timezone = 'UTC'; select ${landed.join(", ")}, chg::text as chg from app.items`,
  );
  const typed = CONTRACT.map((name) =>
    name === "flag" ? "case when flag then 't' when not flag then 'f' end as flag" : `cast("${name}" as varchar) as "${name}"`,
  );
  const open = await house.query("select payload from ops.open_quarantine where feed = 'app.items'");
  const [head] = await house.query(
    "select cursor_position from ops.feed_horizon where feed = 'app.items' and cursor_kind is not null order by number desc limit 1",
  );
  const answers = source as unknown as readonly { readonly rows: Texts[] }[];
  return {
    source: answers[1]?.rows ?? [],
    live: await house.query(`select ${typed.join(", ")} from staging.app_items__rows where _deleted_at is null`),
    waiting: open.map((row) => JSON.parse(row["payload"] ?? "{}") as Texts),
    cursor: BigInt((JSON.parse(head?.["cursor_position"] ?? "{}") as { xid: string }).xid),
  };
}

const isInFlight = (own: readonly Texts[], cursor: bigint) => own.some((row) => BigInt(row["chg"] ?? "0") >= cursor);

const versionOf = (row: Texts) => BigInt(row["v"] ?? "0");

/** The newest rows of a key. */
function newestOf(own: readonly Texts[]): readonly Texts[] {
  const newest = own.reduce<bigint>((most, row) => (versionOf(row) > most ? versionOf(row) : most), -1n);
  return own.filter((row) => versionOf(row) === newest);
}

/** The term of a key's newest row, by code that shares nothing with the product's. */
function termOf({
  own,
  live,
  waits,
  cursor,
  untouched,
}: {
  own: readonly Texts[];
  live: Texts | undefined;
  waits: (row: Texts) => boolean;
  cursor: bigint;
  untouched: readonly Texts[];
}): string {
  if (isInFlight(own, cursor)) return "in_flight";
  const best = newestOf(own);
  if (best.length === 0) return "delete_pending";
  if (live && best.some((row) => contentOf(row, TEXTS) === contentOf(live, TEXTS))) return "equal";
  const isAltered = (row: Texts) => !untouched.some((was) => contentOf(was, TEXTS) === contentOf(row, TEXTS));
  if (best.some(waits)) return live ? (isAltered(live) ? "break" : "stale") : "waiting";
  return "break";
}

const texts = (row: Texts) => JSON.stringify(CONTRACT.map((name) => row[name] ?? null));

/** Keys of which the source has several newest rows that are not alike, and how many different ones of them nothing accounts for. */
function contestedIn({ source, live, waiting, cursor }: Sides): ReadonlyMap<string, number> {
  const waits = new Set(waiting.map(texts));
  const contested = new Map<string, number>();
  for (const [id, own] of grouped(source, (row) => row["id"] ?? "")) {
    const newest = newestOf(own);
    if (id === "" || isInFlight(own, cursor) || new Set(newest.map(texts)).size === 1) continue;
    const published = live.filter((row) => row["id"] === id).map((row) => contentOf(row, TEXTS));
    const unaccounted = newest.filter((row) => !waits.has(texts(row)) && !published.includes(contentOf(row, TEXTS)));
    contested.set(id, new Set(unaccounted.map(texts)).size);
  }
  return contested;
}

/** Lines of terms; of contested keys only which are breaks: which of their rows speaks for the key is not defined. */
function plainLines(lines: readonly string[], sides: Sides): string[] {
  const contested = contestedIn(sides);
  return lines.map((line) => {
    const [term = "", id = ""] = line.split(" ");
    return contested.has(id) && term !== "break" ? `named ${id}` : line;
  });
}

/** Every row of both sides by term: `term key`. */
function expected(sides: Story): string[] {
  const { source, live, waiting, cursor, untouched } = sides;
  const contested = contestedIn(sides);
  const waitingTexts = new Set(waiting.map(texts));
  const waits = (row: Texts) => waitingTexts.has(texts(row));
  const nameOf = (row: Texts) => row["id"] ?? "";
  const keyless = source.filter((row) => row["id"] === null);
  const [ofSource, ofLive] = [
    grouped(
      source.filter((row) => row["id"] !== null),
      nameOf,
    ),
    grouped(live, nameOf),
  ];
  const ids = [...new Set([...ofSource.keys(), ...ofLive.keys()])];
  return [
    ...keyless.map((row) => `${termOf({ own: [row], live: undefined, waits, cursor, untouched })} none`),
    ...ids.flatMap((id) => {
      const [own, published] = [ofSource.get(id) ?? [], ofLive.get(id) ?? []];
      const breaks = contested.get(id);
      if (breaks !== undefined) {
        return [...own.map((_, i) => `${i < breaks ? "break" : "named"} ${id}`), ...published.slice(1).map(() => `break ${id}`)];
      }
      return [
        `${termOf({ own, live: published[0], waits, cursor, untouched })} ${id}`,
        ...own.slice(1).map(() => `${isInFlight(own, cursor) ? "in_flight" : "set_aside"} ${id}`),
        ...published.slice(1).map(() => `break ${id}`),
      ];
    }),
  ].toSorted();
}

const named = (listed: readonly ListedTerm[]) =>
  listed.flatMap(({ term, keys }) => keys.map(({ key }) => `${term} ${key["id"] ?? "none"}`)).toSorted();

/** The days at which a feed is cut in three; NULL and infinity are in the first and in the last. */
const CUTS = [null, "0500-01-01", "2000-01-01", null];

/** Where a comparison of the last publication would have ended. */
async function baseOf(house: House): Promise<Base> {
  const [head] = await house.query(
    "select number, cursor_kind, cursor_position, cursor_identity from ops.feed_horizon where feed = 'app.items' and cursor_kind is not null order by number desc limit 1",
  );
  const read = (name: string) => JSON.parse(head?.[name] ?? "null") as Json;
  const cursor = {
    kind: head?.["cursor_kind"] ?? "",
    position: read("cursor_position"),
    identity: read("cursor_identity"),
    horizon: null,
  };
  return { publication: BigInt(head?.["number"] ?? "0"), cursor };
}

/**
 * Every key that a part names is in the term that it is in when everything is compared, every break is named by a part, and together the parts
 * have every key. A further row of a key may be told by several.
 */
async function partsAgree(house: House, { sides, before }: { sides: Story; before: Base | null }) {
  const all = expected(sides);
  const feed = house.pipeline.feeds.get("app.items");
  if (!feed) expect.fail("the feed is not there");
  const part = async (extent: Extent) => {
    const { proof, listed } = await comparedPart(house, feed, extent);
    expect([extent, proof.notProven, proof.says]).toEqual([extent, null, []]);
    return plainLines(named(listed), sides);
  };
  const told: string[] = [];
  for (const [i, from] of CUTS.slice(0, -1).entries()) {
    told.push(...(await part({ by: "stretches", of: [{ from, to: CUTS[i + 1] ?? null }] })));
  }
  const touched = before === null ? [] : await part({ by: "touched", since: before });
  for (const line of new Set([...told, ...touched])) expect(all).toContain(line);
  const breaksIn = (lines: readonly string[]) => [...new Set(lines)].filter((line) => line.startsWith("break")).toSorted();
  expect(breaksIn(told)).toEqual(breaksIn(all));
  const keys = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(" ")[1] ?? ""))].toSorted();
  expect(keys(told)).toEqual(keys(all));
}

test("whatever happens at the source and whatever hand writes to the warehouse, every row is in exactly one term, the right one", async () => {
  await using house = await openComparedHouse();
  const told = new Map<string, number>();
  // It stays in each story: so something is published where all of a story's hours are blocked, and something is equal.
  await house.source.query("insert into app.items (id, item_id, currency) values (999, 'i999', 'USD')");
  expect((await house.run()).report?.outcome).toBe("published");
  await fc.assert(
    fc.asyncProperty(STORY, async ({ before, between, after, tampered }) => {
      await house.source.query("delete from app.items where id is distinct from 999");
      let base: Base | null = null;
      for (const acts of [before, between]) {
        for (const sql of acts) await house.source.query(sql);
        if (acts === between) base = await baseOf(house);
        await house.run();
      }
      for (const sql of after) await house.source.query(sql);
      copyFileSync(fileOf(house), `${fileOf(house)}.kept`);
      const { live: untouched } = await sidesOf(house);
      await changeByHand(house.folder, tampered);
      const sides = { ...(await sidesOf(house)), untouched };
      const { proof, listed } = await compared(house, "app.items");
      const found = plainLines(named(listed), sides).toSorted();
      await partsAgree(house, { sides, before: base });
      copyFileSync(`${fileOf(house)}.kept`, fileOf(house));
      expect({ proven: proof.notProven, says: proof.says, found }).toEqual({ proven: null, says: [], found: expected(sides) });
      for (const line of named(listed)) told.set(line.split(" ")[0] ?? "", (told.get(line.split(" ")[0] ?? "") ?? 0) + 1);
    }),
    { numRuns: cases(3), endOnFailure: true },
  );
  expect([...told.keys()].filter((term) => !TERMS.includes(term as Term))).toEqual([]);
  expect(told.get("equal")).toBeGreaterThan(0);
});
