import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { z } from "zod";
import { SOURCE_KINDS } from "../../src/app/sources.ts";
import { gateLimits } from "../../src/config/groups.ts";
import { jsonSchemas } from "../../src/config/json-schemas.ts";
import type { Feed } from "../../src/config/pipeline.ts";
import type { LinkedFeed, SourceEntries, SourceKind } from "../../src/config/source-kind.ts";
import { postgresReading, postgresSettings } from "../../src/sources/postgres/postgres-kind.ts";
import { assembleLibrary, type Edit, lines } from "./library-files.ts";

const SOURCE = z.strictObject({ folder: z.string().min(1), quote: z.enum(["double", "none"]).default("double") });
const FEED = z.strictObject({
  file: z.string().min(1),
  stamp: z.string().min(1).optional(),
  deletions: z.boolean().default(false),
});

/** A kind that only these tests have: files in a folder. */
const folderKind: SourceKind<typeof SOURCE, typeof FEED, { folder: string; quote: string }> = {
  kind: "folder",
  source: SOURCE,
  feed: FEED,
  link({ source, feeds, absolute }: SourceEntries<typeof SOURCE, typeof FEED>) {
    const linked = [...feeds].map(([name, { file, stamp, deletions }]): [string, LinkedFeed] => [
      name,
      {
        reading: { kind: "folder" },
        reads: stamp === undefined ? "whole" : "changes",
        origin: file,
        how: stamp ?? "whole",
        needs: [],
        uses: stamp === undefined ? [] : [{ name: stamp, at: ["stamp"], types: ["timestamp"] }],
        lands: ["_scope"],
        deletes: deletions,
      },
    ]);
    const files = [...feeds.values()].map(({ file }) => file);
    const faults = [...feeds].flatMap(([name, { file }], i) =>
      files.indexOf(file) === i
        ? []
        : [{ at: ["feeds", name, "file"], says: `${file} is another feed's`, next: "name another file" }],
    );
    return { settings: { folder: absolute(source.folder), quote: source.quote }, feeds: new Map(linked), faults };
  },
};

const KINDS = [...SOURCE_KINDS, folderKind];

const SHELF = `source: shelf
kind: folder
owner: library-desk
folder: ./drop
feeds:
  loans:
    file: loans.csv
    contract: shelf.loans
    business_key: [loan_code]
    version: revision
`;

const CONTRACT = `apiVersion: v3.1.0
kind: DataContract
id: shelf.loans
version: 1.0.0
status: active
team: { name: library-desk }
schema:
  - name: loans
    logicalType: object
    properties:
      - { name: loan_code, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true }
      - { name: revision, logicalType: integer, required: true }
`;

const GROUPED: Edit = { file: "pipeline.yaml", from: "catalog.loans,", to: "catalog.loans, shelf.loans," };
const source = (from: string, to: string): Edit => ({ file: "sources/catalog.yaml", from, to });

/** The library with a second source of the throw-away kind. */
function withShelf(shelf: string, edits: readonly Edit[] = []) {
  const sources = [{ file: "sources/shelf.yaml", text: shelf }];
  const contracts = [{ file: "contracts/shelf.loans.odcs.yaml", text: CONTRACT }];
  return assembleLibrary([GROUPED, ...edits], {}, { kinds: KINDS, more: { sources, contracts } });
}

test("two kinds stand in one pipeline, each with its own keys; shared code sees the same facts of both", () => {
  const { pipeline, problems } = withShelf(SHELF);
  expect(lines(problems)).toEqual([]);
  expect(pipeline?.sources.get("shelf")).toEqual({
    id: "shelf",
    kind: "folder",
    deadlineSeconds: null,
    budget: { requests: null, seconds: null },
    owner: "library-desk",
    settings: { folder: "/root/./drop", quote: "double" },
    embedded: false,
  });
  expect(pipeline?.feeds.get("shelf.loans")).toMatchObject({
    reading: { kind: "folder" },
    reads: "whole",
    origin: "loans.csv",
    how: "whole",
    lands: ["_scope"],
    deletes: false,
    absence: "vanished",
    gates: {},
  });
  expect(pipeline?.feeds.get("catalog.loans")).toMatchObject({
    reading: { kind: "postgres", table: { schema: "lib", name: "loans" }, cursor: { mode: "xid", column: "chg" } },
    reads: "changes",
    origin: "lib.loans",
    how: "xid chg",
    needs: ["chg"],
    lands: [],
    deletes: false,
  });
});

test("an adapter that is given a feed or a source of another kind says so", () => {
  const { pipeline } = withShelf(SHELF);
  const [feed, shelf] = [pipeline?.feeds.get("shelf.loans"), pipeline?.sources.get("shelf")];
  if (!feed || !shelf) throw new Error("nothing was linked");
  expect(() => postgresReading(feed)).toThrow("the feed shelf.loans is of kind folder, not postgres");
  expect(() => postgresSettings(shelf)).toThrow("the source shelf is of kind folder, not postgres");
});

const mistakes: [string, string, readonly Edit[], RegExp][] = [
  [
    "key of another kind's source",
    SHELF,
    [source("owner:", "folder: ./x\nowner:")],
    /^sources\/catalog.yaml:4:1: "folder" is a key of kind folder; this source is of kind postgres > remove it; allowed here: source, kind, owner, required, deadline_seconds, budget, connection, /,
  ],
  [
    "key of another kind's feed",
    SHELF.replace("file: loans.csv", "file: loans.csv\n    table: lib.loans"),
    [],
    /^sources\/shelf.yaml:8:5: "table" is a key of kind postgres; this source is of kind folder > remove it; allowed here: file, /,
  ],
  [
    "misspelt",
    SHELF.replace("folder: ./drop", "foldr: ./drop"),
    [],
    /^sources\/shelf.yaml:4:1: unknown key "foldr" > did you mean "folder"/,
  ],
  [
    "named as what every object has",
    SHELF.replace("folder: ./drop", "folder: ./drop\nconstructor: x"),
    [],
    /^sources\/shelf.yaml:5:1: unknown key "constructor" > allowed here/,
  ],
  [
    "unknown kind",
    SHELF.replace("kind: folder", "kind: folders"),
    [],
    /^sources\/shelf.yaml:2:7: "folders" is not a value of kind > did you mean "folder"\? allowed here: postgres, csv, stripe, salesforce, folder$/,
  ],
  [
    "no kind",
    SHELF.replace("kind: folder\n", ""),
    [],
    /^sources\/shelf.yaml:1:1: the key "kind" is missing > add kind: postgres \| csv \| stripe \| salesforce \| folder$/,
  ],
  [
    "column that the reading names",
    SHELF.replace("loans.csv", "loans.csv\n    stamp: revision"),
    [],
    /^sources\/shelf.yaml:8:12: "revision" is of type integer; stamp needs timestamp/,
  ],
  [
    "deletes without a version",
    SHELF.replace("version: revision", "deletions: true"),
    [],
    /^sources\/shelf.yaml:6:3: the feed shelf.loans may be told of deleted rows, but has no version to order them by > declare version/,
  ],
  [
    "fault that the kind finds",
    `${SHELF}${SHELF.slice(SHELF.indexOf("  loans:")).replace("  loans:", "  more:")}`,
    [],
    /^sources\/shelf.yaml:12:11: loans.csv is another feed's > name another file$/m,
  ],
  [
    "meaning of absence",
    `${SHELF}    absence: vanish\n`,
    [],
    /^sources\/shelf.yaml:11:14: "vanish" is not a value of absence > did you mean "vanished"/,
  ],
  [
    "gate key",
    `${SHELF}    gates: { valid_shre: 1 }\n`,
    [],
    /^sources\/shelf.yaml:11:14: unknown key "valid_shre" > did you mean "valid_share"/,
  ],
  [
    "gate of no currency",
    `${SHELF}    gates: { quarantined_minor: { EUX: 1 } }\n`,
    [],
    /^sources\/shelf.yaml:11:35: there is no currency "EUX" > did you mean "EUR"/,
  ],
];

test.each(mistakes)("%s", (...[, shelf, edits, message]) => {
  const { problems, pipeline } = withShelf(shelf, edits);
  expect(lines(problems).join("\n")).toMatch(message);
  expect(pipeline).toBeUndefined();
});

test("an editor's schema knows both kinds and mixes them nowhere", () => {
  const schema = JSON.parse(jsonSchemas(KINDS)["source.schema.json"] ?? "");
  const validate = new Ajv({ strict: false }).compile(schema);
  const common = { source: "s", owner: "o" };
  const feed = { contract: "c", business_key: ["k"] };
  const postgres = { ...common, kind: "postgres", connection: { url: "embedded" } };
  expect(validate({ ...common, kind: "folder", folder: "x", feeds: { a: { ...feed, file: "a.csv" } } })).toBe(true);
  expect(validate({ ...postgres, feeds: { a: { ...feed, table: "a.b" } } })).toBe(true);
  expect(validate({ ...postgres, feeds: { a: { ...feed, file: "a.csv" } } })).toBe(false);
  expect(validate({ ...postgres, folder: "x", feeds: {} })).toBe(false);
});

test("docs/adding-a-feed.md names every key of every kind", () => {
  const page = readFileSync("docs/adding-a-feed.md", "utf8");
  const schema = JSON.parse(jsonSchemas(SOURCE_KINDS)["source.schema.json"] ?? "");
  const keys = schema.oneOf.flatMap(
    ({ properties }: { properties: Record<string, { additionalProperties?: { properties: object } }> }) => [
      ...Object.keys(properties).filter((key) => !["source", "kind", "owner", "feeds"].includes(key)),
      ...Object.keys(properties["feeds"]?.additionalProperties?.properties ?? {}),
    ],
  );
  expect(keys).toContain("gates");
  expect(keys.filter((key: string) => !page.includes(`\`${key}`))).toEqual([]);
});

test("a feed has its own gate limits over its group's; currencies without one of its own keep the group's", () => {
  const own = "    gates: { valid_share: 0.5, quarantined_minor: { EUR: 7 } }\n    absence: incomplete\n";
  const { pipeline, problems } = withShelf(`${SHELF}${own}`);
  expect(lines(problems)).toEqual([]);
  const group = pipeline?.groups.get("lending");
  const limits = (id: string) => {
    const feed: Feed | undefined = pipeline?.feeds.get(id);
    return group && feed && gateLimits(group, feed);
  };
  expect(pipeline?.feeds.get("shelf.loans")?.absence).toBe("incomplete");
  expect(limits("shelf.loans")).toEqual({ ...group?.gates, validShare: 0.5, quarantinedMinor: { "*": "5000", EUR: "7" } });
  expect(limits("catalog.loans")).toEqual(group?.gates);
});
