import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadPipeline } from "../support/load-pipeline.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly const?: unknown;
  readonly default?: unknown;
}

type Written = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Written => typeof value === "object" && value !== null && !Array.isArray(value);

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Whether what is written is of a branch, by what both say of its kind. */
function isOf({ properties = {} }: Schema, written: unknown): boolean {
  const named = Object.entries(properties).filter(([, { const: one }]) => one !== undefined);
  return isObject(written) && named.every(([name, { const: one }]) => written[name] === one);
}

/** Keys that say what the schema has as their default, by their paths. */
function said(schema: Schema, written: unknown, at: string): string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].filter((one) =>
    isOf(one, written),
  );
  const found = branches.flatMap((branch) => said(branch, written, at));
  if (Array.isArray(written)) return [...found, ...written.flatMap((one, i) => said(schema.items ?? {}, one, `${at}[${i}]`))];
  if (!isObject(written)) return found;
  const own = Object.entries(written).flatMap(([name, value]) => {
    const rest = isObject(schema.additionalProperties) ? (schema.additionalProperties as Schema) : undefined;
    const of = schema.properties?.[name] ?? rest ?? {};
    const path = `${at}.${name}`;
    return [...(of.default !== undefined && isSame(of.default, value) ? [path] : []), ...said(of, value, path)];
  });
  return [...found, ...own];
}

/** Keys of feeds that say what follows from elsewhere: their own id, their source, a business key. */
function implied(source: Written): string[] {
  return Object.entries(source["feeds"] as Record<string, Written>).flatMap(([name, feed]) => {
    const follows = {
      contract: `${source["source"]}.${name}`,
      required: source["required"] ?? true,
      // Of files a source key says that the later file of a key wins.
      ...(source["kind"] !== "csv" && { source_key: feed["business_key"] ?? ["id"] }),
    };
    const idle = Object.entries(follows).filter(([key, value]) => feed[key] !== undefined && isSame(feed[key], value));
    return idle.map(([key]) => `.feeds.${name}.${key}`);
  });
}

const schemaOf = (name: string) => JSON.parse(readFileSync(join(ROOT, "schemas", `${name}.schema.json`), "utf8")) as Schema;
const written = (file: string) => parse(readFileSync(join(ROOT, file), "utf8")) as Written;

test("no file of the pipeline says what a default says", () => {
  const sources = readdirSync(join(ROOT, "pipeline/sources")).map((name) => `pipeline/sources/${name}`);
  const found = [
    ...said(schemaOf("pipeline"), written("pipeline/pipeline.yaml"), "pipeline.yaml"),
    ...sources.flatMap((file) => [
      ...said(schemaOf("source"), written(file), file),
      ...implied(written(file)).map((path) => `${file}${path}`),
    ]),
  ];
  expect(found).toEqual([]);
});

test("what is said for nothing is seen, in branches, lists and feeds", () => {
  const schema: Schema = {
    properties: { list: { items: { properties: { size: { default: 2 } } } } },
    anyOf: [
      { properties: { kind: { const: "a" }, depth: { default: 1 } } },
      { properties: { kind: { const: "b" }, depth: { default: 3 } } },
    ],
  };
  expect(said(schema, { kind: "b", depth: 3, list: [{ size: 1 }, { size: 2 }] }, "")).toEqual([".depth", ".list[1].size"]);
  const feeds = { a: { contract: "s.a", required: true, source_key: ["id"] }, b: { contract: "x", required: false } };
  expect(implied({ source: "s", kind: "stripe", feeds })).toEqual([
    ".feeds.a.contract",
    ".feeds.a.required",
    ".feeds.a.source_key",
  ]);
});

test("what feeds do not say follows from their ids, their sources and their kinds; what one says counts", () => {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-said-"));
  try {
    cpSync(join(ROOT, "pipeline"), directory, { recursive: true });
    const file = join(directory, "sources/stripe.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("    object: customers\n", "    object: customers\n    required: true\n"));
    const { feeds } = loadPipeline({ directory, env: {} }).pipeline;
    const of = (id: string) => {
      const { contract, sourceKey, businessKey, required, absence } = feeds.get(id) ?? expect.fail();
      return [contract.id, sourceKey.join(), businessKey.join(), required, absence];
    };
    expect(of("stripe.customers")).toEqual(["stripe.customers", "id", "id", true, "vanished"]);
    expect(of("stripe.balance_transactions")).toEqual(["stripe.balance_transactions", "id", "id", false, "incomplete"]);
    expect(of("salesforce.orders")).toEqual(["salesforce.orders", "id", "id", false, "vanished"]);
    expect(of("billing.invoices")).toEqual(["billing.invoices", "id", "invoice_id", true, "vanished"]);
    writeFileSync(file, text.replace("    object: customers\n", "    object: customers\n    absence: nothing\n"));
    expect(() => loadPipeline({ directory, env: {} })).toThrow(/write absence: vanished/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
