import { readdirSync, readFileSync } from "node:fs";
import { posix as path } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { BOOKS, DRIVERS, FLOORS, floorTable, OUTSIDE_MODULES, SHARED } from "./floors.ts";

interface Edge {
  readonly from: string;
  readonly to: string;
}

const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.rooms.includes(room));
const roomOf = (file: string) => file.split("/")[1] ?? file;
const adapterOf = (file: string) =>
  SHARED.some((folder) => file.startsWith(folder)) ? undefined : /^src\/(?:warehouse|sources|objects)\/([^/]+)\//.exec(file)?.[1];

function edgesOf(from: string, text: string): Edge[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(from, text).module;
  const names = [
    ...staticImports.map((i) => i.moduleRequest.value),
    ...staticExports.flatMap((e) => e.entries.flatMap((x) => (x.moduleRequest ? [x.moduleRequest.value] : []))),
    ...dynamicImports.map((d) => text.slice(d.moduleRequest.start + 1, d.moduleRequest.end - 1)),
  ];
  return names.map((name) => ({ from, to: name.startsWith(".") ? path.join(path.dirname(from), name) : name }));
}

function brokenDriver({ from, to }: Edge): string | undefined {
  const driver = Object.keys(DRIVERS).find((name) => to === name || to.startsWith(`${name}/`));
  if (driver === undefined) return undefined;
  return DRIVERS[driver]?.test(from) ? undefined : `driver "${driver}" lives in ${DRIVERS[driver]}`;
}

function broken(edge: Edge): string | undefined {
  const { from, to } = edge;
  const driver = brokenDriver(edge);
  if (driver) return driver;
  const [a, b] = [roomOf(from), roomOf(to)];
  if (floorOf(a) < 0) return `room "${a}" stands on no floor`;
  if (floorOf(a) <= 1 && OUTSIDE_MODULES.test(to)) return `floor ${floorOf(a)} does without ${to}`;
  if (to.startsWith("sandbox/")) return a === "app" ? undefined : "only app/ may reach into the sandbox";
  if (!to.startsWith("src/")) return undefined;
  if (adapterOf(to) && adapterOf(to) !== adapterOf(from) && a !== "app") return "only app/ may name an adapter";
  if (a === b) return undefined;
  if (floorOf(b) < 0) return `room "${b}" stands on no floor`;
  return floorOf(b) < floorOf(a) || a === "bin.ts"
    ? undefined
    : `"${a}" (floor ${floorOf(a)}) may not import "${b}" (floor ${floorOf(b)})`;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));
}

const files = filesOf("src");
const edges = files.flatMap((file) => edgesOf(file, readFileSync(file, "utf8")));

test("the ladder sees the code", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(edges.length).toBeGreaterThan(400);
  expect(edges.some((edge) => edge.from === "src/app/warehouses.ts" && adapterOf(edge.to) === "duckdb")).toBe(true);
});

test("no import climbs the ladder, leaves its room sideways or takes another's driver", () => {
  expect(edges.flatMap((edge) => [broken(edge)].flatMap((why) => (why ? [`${edge.from} -> ${edge.to}: ${why}`] : [])))).toEqual(
    [],
  );
});

test.each([
  ["src/kernel/money.ts", 'import { x } from "../run/execute.ts"', "may not import"],
  ["src/checks/label.ts", 'import { x } from "../landing/manifest.ts"', "may not import"],
  ["src/kernel/money.ts", 'import { readFileSync } from "node:fs"', "does without node:fs"],
  ["src/run/execute.ts", 'const pg = await import("pg")', "driver"],
  ["src/cli/run.ts", 'export { x } from "../warehouse/duckdb/warehouse.ts"', "only app/"],
  ["src/warehouse/duckdb/dialect.ts", 'import type { X } from "../snowflake/dialect.ts"', "only app/"],
  ["src/attic/thing.ts", 'import { x } from "../kernel/window.ts"', "no floor"],
])("a planted violation in %s is caught", (file, text, why) => {
  expect(edgesOf(file, text).map(broken)).toEqual([expect.stringContaining(why)]);
});

/** In the sandbox a book is named by itself and where a demo starts, and the cast knows of nothing but chance. */
function misplaced({ from, to }: Edge): boolean {
  const book = BOOKS.find((folder) => to.startsWith(folder));
  if (book) return !from.startsWith(book) && from !== "sandbox/start-demo.ts";
  return from.startsWith("sandbox/cast/") && !/^sandbox\/(cast\/|random\.ts$)/.test(to);
}

test("the sandbox's shared parts name no book, and books do not name each other", () => {
  const inside = filesOf("sandbox").flatMap((file) => edgesOf(file, readFileSync(file, "utf8")));
  expect(inside.some(({ to }) => BOOKS.some((book) => to.startsWith(book)))).toBe(true);
  expect(inside.filter(misplaced)).toEqual([]);
  expect(misplaced({ from: "sandbox/recorded.ts", to: "sandbox/billing/tables.ts" })).toBe(true);
  expect(misplaced({ from: "sandbox/cast/life.ts", to: "sandbox/world/truth.ts" })).toBe(true);
});

test("ARCHITECTURE.md shows these floors", () => {
  expect(readFileSync("ARCHITECTURE.md", "utf8")).toContain(floorTable());
});
