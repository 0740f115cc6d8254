import pg from "pg";
import { expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { loadHostile, openHostileHouse } from "../support/hostile-house.ts";

const TEXT = { logicalType: "string" };
const text = (name: string) => ({ name, type: "text", contract: TEXT });

/** Names that PostgreSQL allows and that have broken other people's statements. */
const NAMES = [
  "select",
  "order",
  "user",
  "true",
  "null",
  "UPPER",
  "Mixed Case",
  "with space",
  " leading",
  'quo"te',
  'two""quotes',
  "apo'strophe",
  "back\\slash",
  "semi;colon",
  "dash--dash",
  "/*comment*/",
  "$1",
  "$$",
  "%s",
  "{object}",
  "a.b",
  "a,b",
  "a\tb",
  "line\nbreak",
  "ünïcödé",
  "家計簿",
  "👩‍🚀",
  "1st",
  "x".repeat(63),
  "l",
  "v",
  "s",
  "feed",
  "class",
  "question",
  "'; drop table curated.thing; --",
];

test("columns of any name are landed, judged, quarantined and published under that name", async () => {
  await using house = await openHostileHouse({
    columns: NAMES.map((name, i) => ({ name, type: "text", contract: { ...TEXT, ...(i % 3 === 0 ? { required: true } : {}) } })),
  });
  const columns = ["id", ...NAMES].map(pg.escapeIdentifier).join(", ");
  const row = (id: number, cells: readonly (string | null)[]) =>
    house.source.query(
      `insert into app.things (${columns}) values (${id}, ${cells.map((c) => (c === null ? "null" : pg.escapeLiteral(c))).join(", ")})`,
    );
  await row(
    1,
    NAMES.map((name) => `in ${name}`),
  );
  await row(
    2,
    NAMES.map(() => null),
  );
  const { report } = await house.run();
  expect(report).toMatchObject({ outcome: "published", feeds: [{ extracted: 2, inserted: 1, quarantined: 1 }] });
  const [published] = await house.query(
    `select * exclude (_contract_version, _publication, deleted_at) from curated.thing__rows`,
  );
  expect(published).toEqual({ id: "1", ...Object.fromEntries(NAMES.map((name) => [name, `in ${name}`])) });
  const [bad] = await house.query("select payload, reasons from ops.quarantine_row");
  expect(JSON.parse(bad?.["payload"] ?? "")).toEqual({ id: "2", ...Object.fromEntries(NAMES.map((name) => [name, null])) });
  expect(JSON.parse(bad?.["reasons"] ?? "")).toHaveLength(Math.ceil(NAMES.length / 3));
  const again = await house.run({ full: true, reason: "read again" });
  expect(again.report).toMatchObject({ outcome: "published", feeds: [{ unchanged: 1, quarantined: 1, inserted: 0 }] });
});

test.each(["things to do", 'th"ings', "SELECT", "家"])("a source table named %s", async (table) => {
  await using house = await openHostileHouse({ table, columns: [text("a")] });
  await house.source.query(`insert into app.${pg.escapeIdentifier(table)} values (1, 'x')`);
  expect((await house.run()).report).toMatchObject({ outcome: "published", feeds: [{ inserted: 1 }] });
});

test.each(["_hash", "_mask0", "_position", "_file", "_row", "_text_a", "rowid", "ROWID", "deleted_at", "_Publication"])(
  "a column named %s, as the engine's own are, is refused with its place",
  (name) => {
    const load = () => loadHostile({ columns: [text(name)] });
    expect(load).toThrow(Failure);
    try {
      load();
    } catch (error) {
      const [problem] = error instanceof Failure ? error.problems : [];
      expect(problem?.says).toContain(name);
      expect(problem?.at).toMatchObject({ line: expect.any(Number) });
      expect(problem?.next).toBeTruthy();
    }
  },
);

test("columns that differ in case alone are refused, as the warehouse cannot tell them apart", () => {
  expect(() => loadHostile({ columns: [text("name"), text("NAME")] })).toThrow(Failure);
});
