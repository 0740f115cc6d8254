import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../kernel/fingerprint.ts";
import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { manifestNewer, manifestUnreadable } from "./problems.ts";

/** The newest manifest schema this code writes and reads. */
const SCHEMA = 1;

const FILE = z.strictObject({ key: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() });

const ROW_FILES = z.strictObject({ files: z.array(FILE), columns: z.array(z.string()), rows: z.int() });

const EXTRACT = z.strictObject({
  feed: z.string(),
  request: z.strictObject({ from: z.string().nullable(), whole: z.boolean(), keysOnly: z.boolean() }),
  files: z.array(FILE),
  columns: z.array(z.string()),
  sourceColumns: z.array(z.strictObject({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  totals: z.array(z.strictObject({ currency: z.string(), rows: z.string(), minor: z.string(), unreadable: z.string() })),
  cursor: z.strictObject({
    mode: z.string(),
    horizon: z.string().nullable(),
    systemIdentifier: z.string(),
    timeline: z.string(),
  }),
  snapshot: z.string(),
  serverVersion: z.string(),
  keys: ROW_FILES.exactOptional(),
  scopes: ROW_FILES.exactOptional(),
  deletes: ROW_FILES.exactOptional(),
});

const MANIFEST = z.strictObject({
  schema: z.literal(SCHEMA),
  runId: z.string(),
  group: z.string(),
  window: z.strictObject({ start: z.string(), end: z.string() }).nullable(),
  /** Number of the publication that the run builds on; decimal text, `0` before the first. */
  baseHead: z.string(),
  /** Rises with every extract of the group; rows carry it, so that older bytes never replace newer ones. */
  extractSeq: z.int(),
  startedAt: z.string(),
  codeVersion: z.string(),
  /** Of the feed's columns, keys and predicate. */
  configFingerprint: z.string(),
  /** Which landing of this run it is: a run that is repeated after a crash lands again beside the torn one. */
  attempt: z.int(),
  /** Feeds landed from the same snapshot; without the manifests of all of them none counts. */
  together: z.array(z.string()),
  /** The batch whose files are read again; such a manifest carries no horizon. */
  replayOf: z.string().exactOptional(),
  extract: EXTRACT,
});

/** Everything about one feed's landed extract; written last and never changed. */
export type Manifest = z.infer<typeof MANIFEST>;

/** A landed extract under the id that its manifest's text gives it. */
export interface Batch {
  readonly id: string;
  /** The manifest's object key. */
  readonly key: string;
  readonly manifest: Manifest;
}

/** Every landed file of an extract: its rows, and what it says beside them. */
export function filesOf({ files, keys, scopes, deletes }: Manifest["extract"]): Manifest["extract"]["files"] {
  return [...files, ...[keys, scopes, deletes].flatMap((beside) => beside?.files ?? [])];
}

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const camel = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((v) => renamed(v, rename));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename)]));
}

/** The text of a manifest: one line of JSON with snake_case names in alphabetic order. */
export function manifestText(manifest: Manifest): string {
  return `${canonicalJson(renamed(manifest, snake))}\n`;
}

/** The id of the batch that a manifest's text describes. */
export function batchId(text: string): string {
  return `b_${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

function parsed(text: string, key: string): unknown {
  try {
    return renamed(JSON.parse(text), camel);
  } catch (cause) {
    throw new Failure("incomplete", manifestUnreadable(key, "it is no JSON"), { cause });
  }
}

/**
 * Reads a manifest's text.
 * @throws Failure `incomplete` when it is no manifest, `usage` when a newer version wrote it.
 */
export function parseManifest(text: string, key: string): Manifest {
  const value = parsed(text, key);
  const schema = value !== null && typeof value === "object" && "schema" in value ? value.schema : undefined;
  if (typeof schema === "number" && schema > SCHEMA) throw new Failure("usage", manifestNewer(key, schema));
  const read = MANIFEST.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Failure("incomplete", manifestUnreadable(key, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`));
}

/**
 * The batch at a manifest's key; null if there is none.
 * @throws Failure as `parseManifest`.
 */
export async function readManifest(objects: ObjectStore, key: string): Promise<Batch | null> {
  const text = await objects.getText(key);
  return text === null ? null : { id: batchId(text), key, manifest: parseManifest(text, key) };
}
