import { z } from "zod";
import type { Json } from "../kernel/json.ts";

/** Manifests of the first schema, all of them PostgreSQL's: read, and never written any more. */

const FILE = z.strictObject({ key: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() });

const CURSOR = z.strictObject({
  mode: z.enum(["xid", "updated_at", "whole"]),
  horizon: z.string().nullable(),
  system_identifier: z.string(),
  timeline: z.string(),
});

const EXTRACT = z.strictObject({
  feed: z.string(),
  request: z.strictObject({ from: z.string().nullable(), whole: z.boolean(), keys_only: z.boolean() }),
  files: z.array(FILE),
  columns: z.array(z.string()),
  source_columns: z.array(z.strictObject({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  totals: z.array(z.strictObject({ currency: z.string(), rows: z.string(), minor: z.string(), unreadable: z.string() })),
  cursor: CURSOR,
  snapshot: z.string(),
  server_version: z.string(),
  keys: z.strictObject({ files: z.array(FILE), columns: z.array(z.string()), rows: z.int() }).exactOptional(),
});

export const MANIFEST_1 = z.strictObject({
  schema: z.literal(1),
  run_id: z.string(),
  group: z.string(),
  window: z.strictObject({ start: z.string(), end: z.string() }).nullable(),
  base_head: z.string(),
  extract_seq: z.int(),
  started_at: z.string(),
  code_version: z.string(),
  config_fingerprint: z.string(),
  attempt: z.int(),
  together: z.array(z.string()),
  replay_of: z.string().exactOptional(),
  extract: EXTRACT,
});

type Manifest1 = z.infer<typeof MANIFEST_1>;

/** The position that a horizon of a mode became. */
export function positionOf(mode: string, horizon: string | null): Json {
  return mode === "xid" && horizon !== null ? { xid: horizon } : horizon;
}

function cursorOf({ extract, replay_of }: Manifest1): Json {
  const { mode, horizon, system_identifier: system, timeline } = extract.cursor;
  if (replay_of !== undefined) return null;
  const instant = mode === "updated_at" ? horizon : null;
  return { kind: mode, position: positionOf(mode, horizon), identity: { system, timeline }, horizon: instant };
}

/** A manifest of schema 1 in the words of schema 2; its instant is that of the run, the snapshot's own was not kept. */
export function asManifest2(manifest: Manifest1): Json {
  const { extract, ...run } = manifest;
  const { snapshot, server_version, request, cursor: _, ...rest } = extract;
  const { mode } = extract.cursor;
  return {
    ...run,
    schema: 2,
    asked: request.whole ? "whole" : "changes",
    extract: {
      ...rest,
      request: { from: positionOf(mode, request.from), whole: request.whole },
      witness: "source",
      cursor: cursorOf(manifest),
      as_of: manifest.started_at,
      notes: { snapshot, server_version },
    },
  } as unknown as Json;
}
