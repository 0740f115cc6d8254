import { createHash } from "node:crypto";
import type { Feed, Source } from "../../src/config/pipeline.ts";
import type { Contract } from "../../src/contract/contract.ts";
import { systemClock, systemTimer } from "../../src/kernel/clock.ts";
import type { Json } from "../../src/kernel/json.ts";
import type { CursorMode, PostgresReading, PostgresSettings } from "../../src/sources/postgres/postgres-kind.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { ownRates } from "../../src/sources/rate.ts";
import type { Cursor, ExtractRequest, FeedExtract } from "../../src/sources/source.ts";

const AT = { file: "billing.yaml", line: 1, column: 1 };
export const CURRENCIES = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };

interface FeedParts extends Partial<Feed> {
  readonly table?: string;
  readonly cursor?: CursorMode;
  readonly schema?: string;
  readonly columns?: readonly string[];
  readonly requiredColumns?: readonly string[];
}

/** A feed of the source `billing`, as the pipeline loader would make it. */
export function feedOf(parts: FeedParts = {}): Feed {
  const {
    table = "invoices",
    schema = "public",
    columns = ["id"],
    requiredColumns = [],
    cursor = { mode: "whole" },
    ...rest
  } = parts;
  const reading: PostgresReading = { kind: "postgres", table: { schema, name: table }, cursor };
  const contract: Contract = {
    id: table,
    version: "1.0.0",
    status: "active",
    owner: "finance",
    object: table,
    derived: [],
    columns: columns.map((name) => ({
      name,
      type: { kind: "string" },
      required: requiredColumns.includes(name),
      pii: false,
      at: AT,
    })),
    primaryKey: ["id"],
    rules: [],
    serviceLevels: [],
    fingerprint: "0",
    file: "contract.odcs.yaml",
  };
  return {
    id: `billing.${table}`,
    source: "billing",
    name: table,
    contract,
    sourceKey: ["id"],
    lands: [],
    businessKey: ["id"],
    reading,
    reads: cursor.mode === "whole" ? "whole" : "changes",
    origin: `${schema}.${table}`,
    how: cursor.mode,
    needs: cursor.mode === "xid" ? [cursor.column] : [],
    scoped: false,
    deletes: false,
    required: true,
    absence: "vanished",
    gates: {},
    group: "billing",
    at: AT,
    ...rest,
  };
}

export function sourceOf(url: string, parts: Partial<PostgresSettings> = {}): Source {
  const settings: PostgresSettings = { url, parallel: 2, statementTimeoutSeconds: 30, ...parts };
  const budget = { requests: null, seconds: null };
  return { id: "billing", kind: "postgres", settings, owner: "data", embedded: false, deadlineSeconds: null, budget };
}

/** An extract with the text of its files by `<feed>/<file>`. */
export interface Extracted {
  readonly extracts: readonly FeedExtract[];
  readonly refused: Awaited<ReturnType<ReturnType<typeof postgresReader>["extract"]>>["refused"];
  readonly leftOut?: Awaited<ReturnType<ReturnType<typeof postgresReader>["extract"]>>["leftOut"];
  readonly texts: ReadonlyMap<string, string>;
}

/** Ports of an extract that nobody uses. */
export function unusedPorts() {
  return {
    state: async () => new Map<string, Json>(),
    decisions: async () => [],
    publishedKeys: async () => [],
    progress: () => ({ read: async () => null, keep: async () => undefined }),
    evidence: () => () => Promise.reject(new Error("PostgreSQL has no evidence of its own")),
    openEvidence: () => {
      throw new Error("PostgreSQL has no evidence of its own");
    },
    rate: ownRates(systemTimer),
    used: () => undefined,
    clock: systemClock,
    timer: systemTimer,
    budget: { requests: null, seconds: null },
  };
}

interface Asked extends Partial<ExtractRequest> {
  readonly source: Source;
}

/** Runs an extract of feeds, each from its cursor (null: whole), into memory. */
export async function extracted(
  feeds: readonly { feed: Feed; cursor?: Cursor | null; published?: Cursor | null; mayReadWhole?: boolean; keys?: boolean }[],
  asked: Asked,
): Promise<Extracted> {
  const texts = new Map<string, string>();
  const result = await postgresReader().extract({
    ...unusedPorts(),
    feeds: feeds.map(({ feed, cursor = null, published = cursor, mayReadWhole = true, keys = false }) => ({
      feed,
      cursor,
      published,
      mayReadWhole,
      keys,
      loading: null,
    })),
    currencies: CURRENCIES,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    accepts: () => true,
    sink: (feed) => async (name, bytes) => {
      const parts: Uint8Array[] = [];
      for await (const chunk of bytes) parts.push(chunk);
      const all = Buffer.concat(parts);
      texts.set(`${feed}/${name}`, all.toString("utf8"));
      return { key: `${feed}/${name}`, bytes: all.length, sha256: createHash("sha256").update(all).digest("hex") };
    },
    ...asked,
  });
  return { ...result, texts };
}

/** The only feed of an extract, with the lines of its files without headers. */
export function only(of: Extracted): FeedExtract & { lines: string[]; text: string } {
  const [extract, ...rest] = of.extracts;
  if (!extract || rest.length > 0) throw new Error("expected one feed");
  const texts = extract.files.map((f) => of.texts.get(f.key) ?? "");
  const lines = texts.flatMap((t) => t.trimEnd().split("\n").slice(1));
  return { ...extract, lines, text: texts.join("") };
}

/** The first value after the position, of rows without quotes or commas in it. */
export function values(lines: readonly string[]): string[] {
  return lines.map((line) => /^"\(\d+,\d+\)",([^,]*)/.exec(line)?.[1] ?? line).sort();
}
