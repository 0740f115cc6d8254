import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startOf } from "../../src/sources/postgres/cursor.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { pageRanges } from "../../src/sources/postgres/select-sql.ts";
import type { Sink } from "../../src/sources/source.ts";
import { freshDatabase } from "../support/postgres.ts";
import { CURRENCIES, extracted, feedOf, only, sourceOf, unusedPorts, values } from "./extracting.ts";

test("NULL, '', \\N, quotes, line ends and pinned types survive byte for byte", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`alter database ${db.name} set datestyle = 'German'; alter database ${db.name} set timezone = 'Asia/Tokyo'`);
  await admin.query(
    `create table invoices (id int, t text, c char(4), at timestamptz, n numeric, b bytea, f float8, i interval)`,
  );
  await admin.query(`insert into invoices values
    (1, null, null, null, null, null, null, null),
    (2, '', '', '2026-11-23 12:00:00.123456+09', '10.50', '\\x00ff', 0.1, '1 day 2 hours'),
    (3, E'\\\\N', 'ab', 'infinity', 'NaN', '', 1e300, null),
    (4, E'a,"b"\\r\\nc\\nd', 'NULL', '2026-01-01+00', '-0.00', null, null, null),
    (5, 'NULL', null, null, null, null, null, null), (6, E'\\\\.', null, null, null, null, null, null), (7, 'Zoë ⟨€⟩', null, null, null, null, null, null)`);
  const feed = feedOf({ columns: ["id", "t", "c", "at", "n", "b", "f", "i"] });
  const got = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
  expect(got.columns).toEqual(["_position", "id", "t", "c", "at", "n", "b", "f", "i"]);
  expect(got.text).toBe(
    [
      "_position,id,t,c,at,n,b,f,i",
      '"(0,1)",1,,,,,,,',
      '"(0,2)",2,"",    ,2026-11-23 03:00:00.123456+00,10.50,\\x00ff,0.1,P1DT2H',
      '"(0,3)",3,\\N,ab  ,infinity,NaN,\\x,1e+300,',
      '"(0,4)",4,"a,""b""\r\nc\nd",NULL,2026-01-01 00:00:00+00,0.00,,,',
      '"(0,5)",5,NULL,,,,,,',
      '"(0,6)",6,\\.,,,,,,',
      '"(0,7)",7,Zoë ⟨€⟩,,,,,,',
      "",
    ].join("\n"),
  );
  expect(got.files[0]).toMatchObject({ rows: 7, bytes: Buffer.byteLength(got.text) });
});

test("what changed may keep in memory the pages that an index names; all else, and a server that gives more, has its own setting", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  const setting = (value: string) => admin.query(`alter database ${db.name} set work_mem = '${value}'`);
  await admin.query("create view invoices as select 1 as id, current_setting('work_mem') as memory, now() as at");
  const by = { mode: "updated_at", column: "at", trusted: "a test" } as const;
  const feed = feedOf({ columns: ["id", "memory"], cursor: by });
  const source = sourceOf(db.url);
  await setting("1MB");
  const whole = only(await extracted([{ feed }], { source }));
  const { cursor } = whole;
  const changed = only(await extracted([{ feed, cursor, published: cursor, keys: true }], { source }));
  await setting("128MB");
  const more = only(await extracted([{ feed, cursor, published: cursor }], { source }));
  expect([whole, changed, more].map(({ lines }) => lines.map((line) => line.split(",").at(-2)))).toEqual([
    ["1MB"],
    ["64MB"],
    ["128MB"],
  ]);
});

test("so may rows that are asked for by their keys to be compared; all of them are read with the server's own setting", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(`alter database ${db.name} set work_mem = '1MB';
    create view invoices as select 1 as id, current_setting('work_mem') as memory, timestamptz '2026-01-01' as at`);
  const feed = feedOf({ columns: ["id", "memory"], cursor: { mode: "updated_at", column: "at", trusted: "a test" } });
  const source = sourceOf(db.url);
  const { cursor: published } = only(await extracted([{ feed }], { source }));
  if (!published) throw new Error("a whole read has a cursor");
  const read = async (keys: [string][] | null) => {
    let text = "";
    const sink: Sink = async (key, bytes) => {
      for await (const chunk of bytes) text += Buffer.from(chunk).toString("utf8");
      return { key, bytes: text.length, sha256: "" };
    };
    const [onProgress, onStatement] = [() => undefined, () => undefined];
    const asked = { ...unusedPorts(), source, feeds: [], currencies: CURRENCIES, signal: new AbortController().signal };
    await postgresReader().rowsOf?.({ ...asked, feed, published, keys, sink, onProgress, onStatement });
    return text.trimEnd().split("\n").at(-1)?.split(",").at(-2);
  };
  expect([await read([["1"]]), await read(null)]).toEqual(["64MB", "1MB"]);
});

test("identifiers with quotes, spaces and unicode", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(`create schema "Ü s"; create table "Ü s"."a""b" ("Id ""x""" int, "Größe'" text);
    insert into "Ü s"."a""b" values (1, 'x')`);
  const feed = feedOf({
    schema: "Ü s",
    table: 'a"b',
    columns: ['Id "x"', "Größe'"],
    sourceKey: ['Id "x"'],
    businessKey: ['Id "x"'],
  });
  const got = await extracted([{ feed, keys: true }], { source: sourceOf(db.url) });
  expect(only(got).text).toBe('_position,"Id ""x""",Größe\'\n"(0,1)",1,x\n');
  expect([...got.texts.values()]).toContain('"Id ""x"""\n1\n');
});

test("ranges of pages give each row once, from one snapshot, on several connections", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`create table invoices (id int, pad text); alter table invoices alter pad set storage plain;
    insert into invoices select n, repeat('x', 3000) from generate_series(1, 6000) n; delete from invoices where id % 7 = 0`);
  const stop = new AbortController();
  const churn = (async () => {
    const writer = await db.client();
    for (let n = 0; !stop.signal.aborted; n += 1)
      await writer.query("update invoices set id = id + 100000 where id % 100 = $1", [n % 100]);
  })();
  const progress: number[] = [];
  const got = only(
    await extracted([{ feed: feedOf({ columns: ["id"] }) }], {
      source: sourceOf(db.url, { parallel: 4 }),
      onProgress: (_feed, bytes) => progress.push(bytes),
    }),
  );
  stop.abort();
  await churn;
  expect(got.files.map((f) => f.key)).toEqual([0, 1, 2, 3].map((n) => `billing.invoices/part-00${n}.csv`));
  const ids = values(got.lines).map((id) => Number(id) % 100_000);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(6000 - Math.floor(6000 / 7));
  expect(got.totals).toEqual([{ currency: "-", rows: String(ids.length), minor: "0", unreadable: "0" }]);
  expect(Math.max(...progress)).toBe(got.files.reduce((n, f) => n + f.bytes, 0));
});

test("page ranges cover all pages without a gap or an overlap, and the last is open", () => {
  expect(pageRanges(2000, 4)).toEqual(["true"]);
  expect(pageRanges(2001, 1)).toEqual(["true"]);
  expect(pageRanges(3001, 3)).toEqual([
    "ctid >= '(0,0)'::tid and ctid < '(1001,0)'::tid",
    "ctid >= '(1001,0)'::tid and ctid < '(2002,0)'::tid",
    "ctid >= '(2002,0)'::tid",
  ]);
});

test("partitions, views and an empty table", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(`create table parts (id int) partition by list (id);
    create table parts_1 partition of parts for values in (1); create table parts_2 partition of parts for values in (2);
    insert into parts values (1), (2); create view seen as select 5 as id; create table nothing (id int);
    create materialized view kept as select 6 as id`);
  const names = ["parts", "seen", "nothing", "kept"];
  const got = await extracted(
    names.map((table) => ({ feed: feedOf({ table }) })),
    { source: sourceOf(db.url) },
  );
  const text = (name: string) => got.texts.get(`billing.${name}/part-000.csv`);
  expect(text("parts")).toMatch(/^_position,id\n"\d+:\(0,1\)",1\n"\d+:\(0,1\)",2\n$/);
  expect(text("seen")).toBe("_position,id\n,5\n");
  expect(text("nothing")).toBe("_position,id\n");
  expect(text("kept")).toBe('_position,id\n"(0,1)",6\n');
  expect(got.extracts.map((e) => e.totals[0]?.rows)).toEqual(["2", "1", "0", "1"]);
});

test("all feeds and keys are of one snapshot, whatever commits in between", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query("create table a (id int); create table b (id int); insert into a values (1); insert into b values (1)");
  let committed = false;
  const got = await extracted([{ feed: feedOf({ table: "a" }) }, { feed: feedOf({ table: "b" }), keys: true }], {
    source: sourceOf(db.url, { parallel: 1 }),
    sink: (feed) => async (name, bytes) => {
      if (!committed) await admin.query("insert into a values (2); insert into b values (2); delete from b where id = 1");
      committed = true;
      let size = 0;
      for await (const chunk of bytes) size += chunk.length;
      return { key: `${feed}/${name}`, bytes: size, sha256: "" };
    },
  });
  expect(got.extracts.map((e) => e.files[0]?.rows)).toEqual([1, 1]);
  expect(got.extracts[1]?.keys).toMatchObject({ rows: 1, columns: ["id"] });
  expect(new Set(got.extracts.map((e) => e.notes["snapshot"])).size).toBe(1);
});

test("a refused feed comes back with its columns; a missing table too; the others are read", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create table a (id int not null, extra numeric(18,2)); create table b (id int)");
  const got = await extracted(
    ["a", "b", "gone"].map((table) => ({ feed: feedOf({ table }) })),
    {
      source: sourceOf(db.url),
      accepts: (feed) => feed.name === "b",
    },
  );
  expect(got.refused).toEqual([
    {
      feed: "billing.a",
      sourceColumns: [
        { name: "id", type: "integer", nullable: false },
        { name: "extra", type: "numeric(18,2)", nullable: true },
      ],
    },
    { feed: "billing.gone", sourceColumns: [] },
  ]);
  expect(got.extracts.map((e) => e.feed)).toEqual(["billing.b"]);
});

test("an accepted table without a contract's column reads NULL there; without a needed one it is incomplete", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create table invoices (id int); insert into invoices values (1)");
  const source = sourceOf(db.url);
  expect(only(await extracted([{ feed: feedOf({ columns: ["gone", "id"] }) }], { source })).text).toBe(
    '_position,gone,id\n"(0,1)",,1\n',
  );
  const feed = feedOf({ money: { amount: "amount", unit: "minor" } });
  await expect(extracted([{ feed }], { source })).rejects.toMatchObject({ kind: "incomplete", message: /"amount"/ });
  await expect(extracted([{ feed: feedOf({ table: "none" }) }], { source })).rejects.toMatchObject({ kind: "incomplete" });
});

test("a cursor of another system or timeline, or ahead of the source, is incomplete; another mode reads whole", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(
    "create table invoices (id int, chg xid8 default pg_current_xact_id(), at timestamptz default now()); insert into invoices values (1)",
  );
  const source = sourceOf(db.url);
  const byXid = feedOf({ cursor: { mode: "xid", column: "chg" } });
  const byTime = feedOf({ cursor: { mode: "updated_at", column: "at" } });
  const { cursor } = only(await extracted([{ feed: byXid }], { source }));
  if (!cursor) throw new Error("a whole read has a cursor");
  const identity = cursor.identity as { system: string; timeline: string };
  for (const wrong of [
    { feed: byXid, cursor: { ...cursor, identity: { ...identity, system: "1" } } },
    { feed: byXid, cursor: { ...cursor, identity: { ...identity, timeline: "2" } } },
    { feed: byXid, cursor: { ...cursor, position: { xid: "99999999999999" } } },
    { feed: byXid, cursor: { ...cursor, position: "another kind's" } },
    { feed: byTime, cursor: { ...cursor, kind: "updated_at", position: "2999-01-01T00:00:00.000000Z" } },
  ]) {
    await expect(extracted([wrong], { source })).rejects.toMatchObject({ kind: "incomplete", message: /run --full --reason/ });
  }
  expect(only(await extracted([{ feed: byTime, cursor }], { source })).request).toEqual({
    from: null,
    whole: true,
  });
  const again = only(await extracted([{ feed: byXid, cursor }], { source }));
  expect(again.request).toEqual({ from: startOf(cursor, byXid.id), whole: false });
  expect(again.cursor).toMatchObject({ kind: "xid", horizon: null, identity });
});

test("a cursor column that cannot order changes is refused, one that rounds is read from a second earlier", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(
    "create table days (id int, at date); create table rounded (id int, at timestamptz(0) default now())",
  );
  const source = sourceOf(db.url);
  const cursor = { mode: "updated_at", column: "at" } as const;
  await expect(extracted([{ feed: feedOf({ table: "days", cursor }) }], { source })).rejects.toMatchObject({
    kind: "incomplete",
    message: /date/,
  });
  const { cursor: next } = only(await extracted([{ feed: feedOf({ table: "rounded", cursor }) }], { source }));
  expect(Date.now() - Date.parse(next?.horizon ?? "")).toBeGreaterThan(5_900);
});

test("no server, a wrong password, no right, policies: each has its kind and none tells the password", async () => {
  await using db = await freshDatabase();
  await (
    await db.client()
  ).query(`create table invoices (id int); create table guarded (id int); alter table guarded enable row level security;
    create role clerk_${db.name} login password 'secret-word'; grant select on guarded to clerk_${db.name}`);
  const url = (name: string, password: string) => db.cluster.url(db.name, { name, password });
  const clerk = url(`clerk_${db.name}`, "secret-word");
  for (const [source, table, kind] of [
    [sourceOf("postgres://u:secret-word@127.0.0.1:1/x"), "invoices", "retryable"],
    [sourceOf("postgres://u:secret-word@127.0.0.1:port/x"), "invoices", "usage"],
    [sourceOf(url("postgres", "secret-word")), "invoices", "incomplete"],
    [sourceOf(`${db.cluster.url("missing")}`), "invoices", "incomplete"],
    [sourceOf(clerk), "invoices", "incomplete"],
    [sourceOf(clerk), "guarded", "incomplete"],
  ] as const) {
    const reading = extracted([{ feed: feedOf({ table }) }], { source });
    await expect(reading).rejects.toMatchObject({ name: "Failure", kind });
    await expect(reading).rejects.not.toThrow(/secret-word/);
  }
});

test("cancelling ends a running COPY at once; a killed session is retryable; no connection stays", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query("create view slow as select n as id, pg_sleep(0.01)::text as pad from generate_series(1, 100000) n");
  const connections = async () =>
    (await admin.query("select pid from pg_stat_activity where application_name = 'ledgerloop extract'")).rows.map((r) =>
      Number(r.pid),
    );
  const stop = new AbortController();
  const reading = extracted([{ feed: feedOf({ table: "slow", columns: ["id", "pad"] }) }], {
    source: sourceOf(db.url),
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 500);
  const began = Date.now();
  await expect(reading).rejects.toMatchObject({ kind: "retryable", message: /cancelled/ });
  expect(Date.now() - began).toBeLessThan(3_000);

  const second = extracted([{ feed: feedOf({ table: "slow", columns: ["id", "pad"] }) }], { source: sourceOf(db.url) });
  const killed = expect(second).rejects.toMatchObject({ kind: "retryable" });
  await sleep(500);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ledgerloop extract'");
  await killed;
  await sleep(1_500);
  expect(await connections()).toEqual([]);
});

test("a session that ends after the last byte, before its rows are counted, is retryable", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query("create table invoices as select n as id from generate_series(1, 3) n");
  const sink = () => async (key: string, bytes: AsyncIterable<Uint8Array>) => {
    for await (const _chunk of bytes);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ledgerloop extract'");
    await sleep(200);
    return { key, bytes: 0, sha256: "" };
  };
  await expect(extracted([{ feed: feedOf() }], { source: sourceOf(db.url), sink })).rejects.toMatchObject({ kind: "retryable" });
});

test("an error of the server reaches a sink that begins to read late", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create view invoices as select 1 / (n - n) as id from generate_series(1, 2) n");
  const sink = () => async (_name: string, bytes: AsyncIterable<Uint8Array>) => {
    await sleep(200);
    for await (const _chunk of bytes);
    return { key: "k", bytes: 0, sha256: "" };
  };
  await expect(extracted([{ feed: feedOf() }], { source: sourceOf(db.url), sink })).rejects.toMatchObject({
    kind: "incomplete",
    message: /22012/,
  });
});

test("an error of the sink stays what it is", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create table invoices (id int); insert into invoices select generate_series(1, 200000)");
  const sink = () => async () => {
    throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
  };
  await expect(extracted([{ feed: feedOf() }], { source: sourceOf(db.url), sink })).rejects.toMatchObject({ code: "ENOSPC" });
});

test("describe gives columns without reading rows, and nothing for a missing table", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create table invoices (id bigint primary key, at timestamptz(3))");
  const found = await postgresReader().describe(sourceOf(db.url), [feedOf(), feedOf({ table: "gone" })]);
  expect(found.get("billing.invoices")).toEqual([
    { name: "id", type: "bigint", nullable: false },
    { name: "at", type: "timestamp(3) with time zone", nullable: true },
  ]);
  expect(found.get("billing.gone")).toEqual([]);
  expect(Object.keys(CURRENCIES)).toHaveLength(4);
});

test("a domain is its base type as a cursor, nested ones too, and keeps its precision", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`create domain at as timestamptz(3); create domain at_once as at check (value > '2000-01-01'); create domain version as xid8;
    create domain code as text; create domain marks as code[];
    create table invoices (id int, at at_once default now(), chg version default pg_current_xact_id()::text::xid8, m marks);
    insert into invoices values (1, now(), default, '{a}'), (2, '2001-01-01', default, null)`);
  const source = sourceOf(db.url);
  for (const cursor of [
    { mode: "updated_at", column: "at" },
    { mode: "xid", column: "chg" },
  ] as const) {
    const feed = feedOf({ columns: ["id"], cursor });
    const first = only(await extracted([{ feed }], { source }));
    expect(first.lines).toHaveLength(2);
    const second = only(await extracted([{ feed, cursor: first.cursor }], { source }));
    expect(second.request.whole).toBe(false);
    if (cursor.mode === "updated_at") expect(Date.now() - Date.parse(first.cursor?.horizon ?? "")).toBeGreaterThan(5_900);
  }
  const found = await postgresReader().describe(source, [feedOf()]);
  // The manifest keeps the declared type, so that a domain that is put over a column is told as a change.
  expect(found.get("billing.invoices")?.map((c) => c.type)).toEqual([
    "integer",
    "public.at_once",
    "public.version",
    "public.marks",
  ]);
});
