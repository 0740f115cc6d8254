import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Files of the repository's own code, by folder. */
function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((file) => join(folder, file))
      .filter((file) => /\.(ts|mjs|py|sh)$/.test(file) && !file.includes("node_modules")),
  );
}

const CODE = filesIn("src", "sandbox", "tests", "bench", "scripts");
const SOURCES = CODE.filter((file) => file.startsWith("src/"));
const text = (file: string) => readFileSync(file, "utf8");

const LONGEST = 400;

test(`no file is longer than ${LONGEST} lines`, () => {
  const long = CODE.map((file) => ({ file, lines: text(file).trimEnd().split("\n").length })).filter(
    ({ lines }) => lines > LONGEST,
  );
  expect(long).toEqual([]);
});

test("problem codes have one form: the room, a dot, and what it is", () => {
  const codes = CODE.filter((file) => /^(?:src|sandbox)\//.test(file)).flatMap((file) =>
    [...text(file).matchAll(/\bproblem\(\{\s*code: (?:"([^"]+)"|`([^`]+)`)/g)].map((m) => m[1] ?? m[2] ?? ""),
  );
  expect(codes.length).toBeGreaterThan(150);
  expect(codes.filter((code) => !/^(?:[a-z]+|\$\{owner\.room\})\.[a-z0-9_]+$/.test(code))).toEqual([]);
});

test("nothing is exempt from the linter but what is declared in biome.json: the files that a tool wants to export by default", () => {
  const { files, overrides } = JSON.parse(text("biome.json")) as {
    files: { includes: string[] };
    overrides: { includes: string[] }[];
  };
  expect(files.includes.filter((glob) => glob.startsWith("!"))).toEqual(["!schemas", "!src/contract/odcs/**/*.json"]);
  expect(overrides.map(({ includes }) => includes)).toEqual([["tests/**", "**/*.test.ts", "bench/**"], ["vitest*.config.ts"]]);
  const silenced = CODE.filter((file) => /biome-ignore(?! lint\/\S+: \S)|eslint-disable|@ts-nocheck/.test(text(file)));
  expect(silenced.filter((file) => file !== "tests/house-rules.test.ts")).toEqual([]);
});

test("no comment and no page cites what is not in the repository", () => {
  const pages = readdirSync("docs", { recursive: true, encoding: "utf8" }).map((file) => join("docs", file));
  const all = [...CODE, ...pages, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].filter((file) =>
    /\.(ts|md|py|sh|mjs)$/.test(file),
  );
  const CITED = /`?semantics(?:\.md)?`? (?:section|\d)|\b(?:design|semantics)\.md\b|\.\.\/shared\b|\bissue \d+\b/i;
  const citing = all.filter((file) => CITED.test(text(file)) && file !== "tests/house-rules.test.ts");
  expect(citing).toEqual([]);
});

/** What an adapter sends for itself; the wire tests and the conformance suite see them. */
const OF_ADAPTERS = /^src\/warehouse\/(duckdb|snowflake)\//;
/** Written from the types that an engine says its tables have, so that one engine's answers do not fit the other's text. */
const BY_TYPES = new Set(["ddl.add.*.*.*", "ddl.widen.*.*.*"]);
/** Somebody else's text. */
const TYPED_BY_PEOPLE = new Set(["query"]);
/** Stand in the golden files under numbers. */
const NUMBERED = new Set(["*.row"]);

/** Names of statements and questions in a file, their variable parts as `*`. */
function statementNames(file: string): string[] {
  const named = /\bname: (?:"([^"]+)"|`([^`]+)`)(?=[^;{}]{0,200}?\bsql\b|,\s*columns)/gs;
  return [...text(file).matchAll(named)].map((m) => (m[1] ?? m[2] ?? "").replace(/\$\{[^}]*\}/g, "*"));
}

test("every statement that is written stands in a golden file, by itself or as a question of one", () => {
  const golden = readdirSync("tests/golden", { recursive: true, encoding: "utf8" }).filter((file) =>
    /duckdb\/.*\.sql$/.test(file),
  );
  const names = golden.map((file) => file.replace(/^.*duckdb\//, "").replace(/\.sql$/, ""));
  const questions = new Set(
    golden.flatMap((file) =>
      [...text(join("tests/golden", file)).matchAll(/SELECT '([^']+)' AS question/g)].map((m) => m[1] ?? ""),
    ),
  );
  const known = [...names, ...questions];
  const written = SOURCES.filter((file) => !OF_ADAPTERS.test(file) && /\bsql\b/.test(text(file))).flatMap(statementNames);
  const isKnown = (name: string) => {
    const like = new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    return known.some((one) => like.test(one));
  };
  expect(written.length).toBeGreaterThan(80);
  const exempt = (name: string) => BY_TYPES.has(name) || TYPED_BY_PEOPLE.has(name) || NUMBERED.has(name);
  expect([...new Set(written)].filter((name) => !exempt(name) && !isKnown(name))).toEqual([]);
});
