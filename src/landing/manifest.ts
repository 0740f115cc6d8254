import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../kernel/fingerprint.ts";
import type { Json } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { FINDINGS } from "../sources/source.ts";
import { asManifest2, MANIFEST_1 } from "./manifest-1.ts";
import { manifestNewer, manifestUnreadable } from "./problems.ts";

/** The manifest schema this code writes; it reads schema 1 too. */
const SCHEMA = 2;

const FILE = z.strictObject({ key: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() });
const ROW_FILES = z.strictObject({ files: z.array(FILE), columns: z.array(z.string()), rows: z.int() });

/** zod's own record would drop a member called `__proto__`. */
function isTexts(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.values(value).every((text) => typeof text === "string");
}

/** An adapter's own: nobody else reads it, and its names are not ours to change. */
const OWN = z.custom<Json>((value) => value !== undefined);

const EXTRACT = z.strictObject({
  feed: z.string(),
  request: z.strictObject({ from: OWN, whole: z.boolean() }),
  files: z.array(FILE),
  columns: z.array(z.string()),
  sourceColumns: z.array(z.strictObject({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  witness: z.enum(["source", "second_read", "trailer", "none"]),
  totals: z.array(
    z.strictObject({ currency: z.string(), rows: z.string(), minor: z.string().nullable(), unreadable: z.string() }),
  ),
  cursor: z.strictObject({ kind: z.string(), position: OWN, identity: OWN, horizon: z.string().nullable() }).nullable(),
  asOf: z.string(),
  loading: z.strictObject({ since: z.string() }).exactOptional(),
  state: z.array(z.strictObject({ key: z.string(), value: OWN })).exactOptional(),
  below: z.strictObject({ column: z.string(), type: z.enum(["integer", "timestamp"]), at: z.string() }).exactOptional(),
  complete: z
    .strictObject({
      column: z.string(),
      ranges: z.array(z.strictObject({ from: z.string().nullable(), before: z.string().nullable() })),
    })
    .exactOptional(),
  findings: z.array(z.strictObject({ of: z.enum(FINDINGS), says: z.string() })).exactOptional(),
  notes: z.custom<Readonly<Record<string, string>>>(isTexts),
  keys: ROW_FILES.exactOptional(),
  only: ROW_FILES.exactOptional(),
  scopes: ROW_FILES.exactOptional(),
  deletes: ROW_FILES.exactOptional(),
  underway: ROW_FILES.exactOptional(),
  evidence: z.array(z.strictObject({ name: z.string(), key: z.string(), bytes: z.int(), sha256: z.string() })).exactOptional(),
  deriver: z.strictObject({ name: z.string(), version: z.string(), parameters: OWN }).exactOptional(),
});

/** Names under which an adapter's own values stand. */
const OWN_NAMES: ReadonlySet<string> = new Set(["from", "position", "identity", "value", "notes", "parameters"]);

const MANIFEST = z.strictObject({
  schema: z.literal(SCHEMA),
  runId: z.string(),
  group: z.string(),
  window: z.strictObject({ start: z.string(), end: z.string() }).nullable(),
  /** What the run was asked for: what changed since the cursors, everything whatever they say, parts of history again, or some keys. */
  asked: z.enum(["changes", "whole", "slice", "heal"]),
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
  /** The batch whose files are read again; such a manifest carries no cursor. */
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

/** Whether a batch has the bytes of an earlier one. */
export function isReplay({ replayOf }: Manifest): boolean {
  return replayOf !== undefined;
}

/** The batch of a feed among those of a run. */
export function batchOf(batches: readonly Batch[], feed: string): Batch | undefined {
  return batches.find((batch) => batch.manifest.extract.feed === feed);
}

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const camel = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

/** Renames the members that a manifest itself has; what an adapter put into it stays as it is, down to its names. */
function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((v) => renamed(v, rename));
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value);
  return Object.fromEntries(members.map(([name, inner]) => [rename(name), OWN_NAMES.has(name) ? inner : renamed(inner, rename)]));
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
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure("incomplete", manifestUnreadable(key, "it is no JSON"), { cause });
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, key: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Failure("incomplete", manifestUnreadable(key, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`));
}

/**
 * Reads a manifest's text.
 * @throws Failure `incomplete` when it is no manifest, `usage` when a newer version wrote it.
 */
export function parseManifest(text: string, key: string): Manifest {
  const value = parsed(text, key);
  const schema = value !== null && typeof value === "object" && "schema" in value ? value.schema : undefined;
  if (typeof schema === "number" && schema > SCHEMA) throw new Failure("usage", manifestNewer(key, schema));
  const now = schema === 1 ? asManifest2(checked(MANIFEST_1, value, key)) : value;
  return checked(MANIFEST, renamed(now, camel), key);
}

/**
 * The batch at a manifest's key; null if there is none.
 * @throws Failure as `parseManifest`.
 */
export async function readManifest(objects: ObjectStore, key: string): Promise<Batch | null> {
  const text = await objects.getText(key);
  return text === null ? null : { id: batchId(text), key, manifest: parseManifest(text, key) };
}
