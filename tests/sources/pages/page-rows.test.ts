import { describe, expect, test } from "vitest";
import type { CellSpec } from "../../../src/sources/pages/cells.ts";
import { type Route, type RowsSpec, rowsOfPages } from "../../../src/sources/pages/page-rows.ts";

const META = ["_position", "_scope", "_fault", "_payload", "_unconverted"];

const cell = (name: string, more: Partial<CellSpec> = {}): CellSpec => ({
  name,
  type: "string",
  pointer: `/${name}`,
  conversion: null,
  currency: null,
  ...more,
});

const LIST: Route = { request: "^/v1/things(?:\\?|$)", list: "/data", inside: null, scope: null };
const ONE: Route = { request: "^/v1/things/([^/?]+)(?:\\?|$)", list: null, inside: null, scope: null };

function specOf(cells: readonly CellSpec[], more: Partial<RowsSpec> = {}): RowsSpec {
  return {
    columns: [...META, ...cells.map(({ name }) => name)],
    cells,
    routes: [LIST, ONE],
    key: "id",
    id: "/id",
    deleted: "/deleted",
    dropped: [],
    overruled: [],
    ...more,
  };
}

interface Asked {
  readonly path?: string;
  readonly status?: number;
  readonly number?: number;
}

/** The rows of one page, by the names of their columns. */
function rowsOf(spec: RowsSpec, body: string, { path = "/v1/things?limit=100", status = 200, number = 1 }: Asked = {}) {
  const scopes = new Set<string>();
  const page = { url: `https://api.test${path}`, status, headers: {}, date: "2026-10-05T12:00:00Z", body: Buffer.from(body) };
  const rows = rowsOfPages(spec, { scopes })(page, number);
  return { scopes: [...scopes], rows: rows.map((row) => Object.fromEntries(spec.columns.map((name, i) => [name, row[i]]))) };
}

/** What becomes of one value under one column. */
function cellOf(spec: Partial<CellSpec>, value: string, beside = "") {
  const { rows } = rowsOf(specOf([cell("v", spec)]), `{"data":[{"id":"x","v":${value}${beside}}]}`);
  const [row] = rows;
  return [row?.["v"], row?.["_unconverted"] ?? null];
}

describe("values and columns", () => {
  const UNCONVERTED = '["v"]';
  type Case = [spec: Partial<CellSpec>, value: string, cell: string | null, unconverted: string | null];
  test.each<Case>([
    [{}, '"a b"', "a b", null],
    [{}, "null", null, null],
    [{}, '""', "", null],
    [{}, "9007199254740993", "9007199254740993", null],
    [{}, "0.100000000001", "0.100000000001", null],
    [{}, "true", "true", null],
    [{ type: "boolean" }, "true", "t", null],
    [{ type: "boolean" }, '"yes"', "yes", null],
    [{ type: "integer" }, "-0", "-0", null],
    [{ type: "integer" }, "1e400", "1e400", null],
    [{ type: "decimal" }, "1.50", "1.50", null],
    [{}, '{"b":1.0,"a":[]}', '{"a":[],"b":1.0}', UNCONVERTED],
    [{ type: "integer" }, "[1, 2]", "[1,2]", UNCONVERTED],
    [{ conversion: "json" }, '{"b": 1.0, "a": [] }', '{"a":[],"b":1.0}', null],
    [{ conversion: "json" }, '"text"', '"text"', null],
    [{ conversion: "json" }, "null", null, null],
    [{ type: "timestamp", conversion: "epoch_seconds" }, "1791201600", "2026-10-05T12:00:00Z", null],
    [{ type: "timestamp", conversion: "epoch_seconds" }, "0", "1970-01-01T00:00:00Z", null],
    [{ type: "date", conversion: "epoch_seconds" }, "1791201600", "2026-10-05", null],
    [{ type: "timestamp", conversion: "epoch_seconds" }, "1791201600.5", "1791201600.5", UNCONVERTED],
    [{ type: "timestamp", conversion: "epoch_seconds" }, '"1791201600"', "1791201600", UNCONVERTED],
    [{ type: "timestamp", conversion: "epoch_seconds" }, "99999999999999", "99999999999999", UNCONVERTED],
    [{ type: "timestamp", conversion: "epoch_seconds" }, "null", null, null],
    [{ conversion: "upper_case" }, '"eur"', "EUR", null],
    [{ conversion: "upper_case" }, "7", "7", UNCONVERTED],
  ])("%j of %s is %j", (spec, value, ...read) => {
    expect(cellOf(spec, value)).toEqual(read);
  });

  test.each([
    ["eur", "1050", "1050", null],
    ["jpy", "1050", "1050", null],
    ["isk", "100", "1", null],
    ["isk", "-12300", "-123", null],
    ["isk", "150", "150", UNCONVERTED],
    ["ugx", "5000", "50", null],
    ["ugx", "1", "1", UNCONVERTED],
    ["mga", "7", "700", null],
    ["huf", "150", "150", null],
    ["twd", "150", "150", null],
    ["kwd", "1000", "1000", null],
    ["isk", "0", "0", null],
    ["eur", "10.5", "10.5", UNCONVERTED],
    ["eur", '"1050"', "1050", UNCONVERTED],
    ["isk", "123456789012345678900", "1234567890123456789", null],
  ])("an amount of %s, %s, is %s in minor units", (currency, value, ...read) => {
    const spec = { type: "integer", conversion: "stripe@1", currency: "/currency" } as const;
    expect(cellOf(spec, value, `,"currency":"${currency}"`)).toEqual(read);
  });

  test("an amount without a currency is nothing, or cannot be read", () => {
    const spec = { type: "integer", conversion: "stripe@1", currency: "/currency" } as const;
    expect(cellOf(spec, "0", ',"currency":null')).toEqual(["0", null]);
    expect(cellOf(spec, "5", ',"currency":null')).toEqual(["5", UNCONVERTED]);
  });

  test("a pointer leads through objects and lists, and ends where the way does", () => {
    const at = (pointer: string) => cellOf({ pointer }, '{"a/b":[{"c~d":"deep"}],"t":"text"}')[0];
    expect(at("/v/a~1b/0/c~0d")).toBe("deep");
    expect([at("/v/a~1b/1/c~0d"), at("/v/t/0"), at("/v/missing/x"), at("/v/a~1b/00")]).toEqual([null, null, null, null]);
  });
});

describe("records that cannot be read", () => {
  const SPEC = specOf([cell("id"), cell("v")]);

  test.each([
    ["a NUL", '"a\\u0000b"'],
    ["half a pair", '"\\ud800"'],
  ])("%s in a column is a fault that keeps the record", (_what, value) => {
    const { rows } = rowsOf(SPEC, `{"data":[{"id":"x","v":${value}},{"id":"y","v":"fine"}]}`);
    expect(rows).toEqual([
      {
        _position: "1/1",
        _scope: null,
        _fault: "text",
        _payload: `utf8:{"id":"x","v":${value}}`,
        _unconverted: null,
        id: "x",
        v: null,
      },
      { _position: "1/2", _scope: null, _fault: null, _payload: null, _unconverted: null, id: "y", v: "fine" },
    ]);
  });

  test("the same where no column looks changes nothing", () => {
    expect(rowsOf(SPEC, '{"data":[{"id":"x","v":"a","other":"\\u0000"}]}').rows[0]?.["_fault"]).toBeNull();
  });

  test("a key that is no text is none", () => {
    const { rows } = rowsOf(SPEC, '{"data":[{"id":"\\u0000","v":"a"}]}');
    expect([rows[0]?.["_fault"], rows[0]?.["id"]]).toEqual(["text", null]);
  });

  test("what is no object has no columns", () => {
    const { rows } = rowsOf(SPEC, '{"data":[7,"x",null]}');
    expect(rows.map((row) => [row["_fault"], row["_payload"]])).toEqual([
      ["shape", "utf8:7"],
      ["shape", 'utf8:"x"'],
      ["shape", "utf8:null"],
    ]);
  });

  test("a record that no row can hold is cut and says how long it was", () => {
    const { rows } = rowsOf(SPEC, `{"data":[{"id":"x","v":"${"a".repeat(6 * 1024 * 1024)}"}]}`);
    expect(rows[0]?.["_fault"]).toBe("too_long");
    expect(rows[0]?.["_payload"]).toMatch(/^utf8;bytes=6291473;sha256=[0-9a-f]{64}:\{"id":"x","v":"aaa/);
  });

  test("an object that is not shown has its key; one that is not there, or is deleted, is no row", () => {
    const path = "/v1/things/th%2F1?x=1";
    expect(rowsOf(SPEC, '{"error":{}}', { path, status: 403 }).rows).toEqual([
      { _position: "1/1", _scope: null, _fault: "forbidden", _payload: null, _unconverted: null, id: "th/1", v: null },
    ]);
    expect(rowsOf(SPEC, '{"error":{}}', { path, status: 404 }).rows).toEqual([]);
    expect(rowsOf(SPEC, '{"id":"th/1","deleted":true}', { path }).rows).toEqual([]);
    expect(rowsOf(SPEC, '{"error":{}}', { path: "/v1/things", status: 403 }).rows).toEqual([]);
  });

  test("a page without its list, and one that is no JSON, are no evidence that was ever taken", () => {
    expect(() => rowsOf(SPEC, '{"data":{}}')).toThrow(SyntaxError);
    expect(() => rowsOf(SPEC, "<html>")).toThrow(SyntaxError);
  });
});

describe("which records count", () => {
  const SPEC = specOf([cell("id")]);
  const positions = (spec: RowsSpec, asked?: Asked) =>
    rowsOf(spec, '{"data":[{"id":"a"},{"id":"b"},{"id":"c"}]}', asked).rows.map((row) => row["_position"]);

  test("pages that were read again are left out, and so are single records", () => {
    expect(positions({ ...SPEC, dropped: [[2, 3]] }, { number: 2 })).toEqual([]);
    expect(positions({ ...SPEC, dropped: [[2, 3]] }, { number: 4 })).toEqual(["4/1", "4/2", "4/3"]);
    expect(positions({ ...SPEC, overruled: ["7/2"] }, { number: 7 })).toEqual(["7/1", "7/3"]);
  });

  test("answers to other requests are none of the feed's", () => {
    expect(positions(SPEC, { path: "/v1/events?limit=100" })).toEqual([]);
    expect(positions(SPEC, { path: "/v1/things_else?limit=100" })).toEqual([]);
  });
});

describe("lists inside records", () => {
  const INSIDE = { inside: "/parts", scope: "inside" } as const;
  const SPEC = specOf([cell("id"), cell("of")], {
    routes: [
      { request: "^/v1/things/([^/?]+)/parts", list: "/data", inside: null, scope: "request" },
      { ...LIST, ...INSIDE },
      { ...ONE, ...INSIDE },
    ],
  });
  const parts = (ids: readonly string[], hasMore = false) =>
    `{"data":[${ids.map((id) => `{"id":"${id}","of":"t"}`).join(",")}],"has_more":${hasMore}}`;

  test("a list that is whole is taken, with its parent as scope; one that goes on is left to its pages", () => {
    const body = `{"data":[{"id":"t1","parts":${parts(["p1", "p2"])}},{"id":"t2","parts":${parts(["p3"], true)}},{"id":"t3","parts":${parts([])}}]}`;
    const { rows, scopes } = rowsOf(SPEC, body);
    expect(rows.map((row) => [row["_position"], row["_scope"], row["id"]])).toEqual([
      ["1/1.1", "t1", "p1"],
      ["1/1.2", "t1", "p2"],
    ]);
    expect(scopes).toEqual(["t1", "t3"]);
  });

  test("a page of such a list is of the parent that was asked for", () => {
    const { rows, scopes } = rowsOf(SPEC, parts(["p3", "p4"]), { path: "/v1/things/t2/parts?limit=100" });
    expect(rows.map((row) => [row["_position"], row["_scope"], row["id"]])).toEqual([
      ["1/1", "t2", "p3"],
      ["1/2", "t2", "p4"],
    ]);
    expect(scopes).toEqual(["t2"]);
    // One that goes on says nothing of what else there is.
    expect(rowsOf(SPEC, parts(["p3"], true), { path: "/v1/things/t2/parts?limit=1" }).scopes).toEqual([]);
  });

  test("nothing of a parent counts that was read again, or is deleted", () => {
    const body = `{"data":[{"id":"t1","parts":${parts(["p1"])}},{"id":"t2","deleted":true,"parts":${parts(["p2"])}}]}`;
    expect(rowsOf({ ...SPEC, overruled: ["1/1"] }, body)).toEqual({ rows: [], scopes: [] });
  });
});
