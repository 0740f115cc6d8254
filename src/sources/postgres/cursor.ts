import { z } from "zod";
import type { Feed } from "../../config/pipeline.ts";
import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import { cursorUnreadable } from "../problems.ts";
import type { Comparison, Cursor } from "../source.ts";
import { type CursorMode, postgresReading } from "./postgres-kind.ts";
import { type Shape, shapeOf } from "./shape.ts";

const IDENTITY = z.strictObject({
  system: z.string(),
  timeline: z.string(),
  database: z.string().exactOptional(),
  relation: z.string().exactOptional(),
  table: z.string().exactOptional(),
});

/**
 * What a cursor belongs to. After a promotion or a restore a server has another timeline, a restored database another oid. A position
 * belongs to one relation, by oid: a table that was made again is another one. A whole read belongs to what is called so. Cursors of
 * earlier versions have system and timeline alone: the next publication completes them.
 */
export type Identity = z.infer<typeof IDENTITY>;

const SEEN = z.strictObject({
  xmax: z.string(),
  running: z.array(z.string()).exactOptional(),
  log: z.string(),
  written: z.string(),
});

/** How far the server was when the cursor's snapshot was taken. */
export interface Seen {
  /** No later transaction had a number yet. */
  readonly xmax: string;
  /** Transactions that had a number and were not done. */
  readonly running?: readonly string[];
  /** Up to where its log was durable; decimal text. */
  readonly log: string;
  /** Up to where its log was written, which covers everything that the snapshot shows. */
  readonly written: string;
}

const BY = z.strictObject({ column: z.string(), timeZone: z.string().exactOptional() });

/** The column that a position is one of, and whose clock it shows. */
export type By = z.infer<typeof BY>;

/** What is kept with a position, of any mode. */
export interface Kept {
  /** Null for a whole read, and in cursors of earlier versions. */
  readonly by: By | null;
  readonly seen: Seen | null;
  /** Null where nothing follows a cursor: the relation is read whole. */
  readonly shape: Shape | null;
}

const POSITION = z.looseObject({ seen: SEEN.exactOptional(), by: BY.exactOptional() });
const XID = z.looseObject({ xid: z.string().regex(/^\d+$/) });
const INSTANT = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{6}Z$/);
const AT = z.looseObject({ at: INSTANT.nullable() });

function read<T>(schema: z.ZodType<T>, value: unknown, feed: string): T {
  const found = schema.safeParse(value);
  if (!found.success) throw new Failure("incomplete", cursorUnreadable(feed));
  return found.data;
}

/** The change-xid that an incremental read starts from: the last snapshot's xmin. */
export function xidOf(cursor: Cursor, feed: string): string {
  return read(XID, cursor.position, feed).xid;
}

/** The instant that an incremental read starts from, ISO text with microseconds; null while none is known to be complete. */
export function instantOf({ position }: Cursor, feed: string): string | null {
  // Earlier versions kept the instant alone.
  if (position === null || typeof position === "string") return position === null ? null : read(INSTANT, position, feed);
  return read(AT, position, feed).at;
}

/** What a cursor belongs to. */
export function identityOf(cursor: Cursor, feed: string): Identity {
  return read(IDENTITY, cursor.identity, feed);
}

/** What is kept with a cursor; earlier versions kept nothing. */
export function keptOf({ position }: Cursor): Kept {
  const found = POSITION.safeParse(position);
  if (!found.success) return { by: null, seen: null, shape: null };
  return { by: found.data.by ?? null, seen: found.data.seen ?? null, shape: shapeOf(found.data["shape"] as Json | undefined) };
}

/** The column that a feed's positions are of; null where it is read whole. */
export function byOf(feed: Pick<Feed, "id" | "reading">): By | null {
  const { cursor } = postgresReading(feed);
  if (cursor.mode === "whole") return null;
  const clock = cursor.mode === "updated_at" && cursor.timeZone !== undefined ? { timeZone: cursor.timeZone } : {};
  return { column: cursor.column, ...clock };
}

/** Where an incremental read of a cursor's mode starts, for people and manifests. */
export function startOf(cursor: Cursor, feed: string): Json {
  if (cursor.kind === "xid") return { xid: xidOf(cursor, feed) };
  return cursor.kind === "updated_at" ? instantOf(cursor, feed) : null;
}

function kept({ by, seen, shape }: Kept): Record<string, Json> {
  return {
    ...(by ? { by: { ...by } } : {}),
    ...(seen ? { seen: structuredClone(seen) as unknown as Json } : {}),
    ...(shape ? { shape: structuredClone(shape) } : {}),
  };
}

/** A cursor of a whole read, which starts nowhere. */
export function wholeCursor(identity: Identity, seen: Seen): Cursor {
  return { kind: "whole", position: kept({ by: null, seen, shape: null }), identity: { ...identity }, horizon: null };
}

/** A cursor at a snapshot's xmin. */
export function xidCursor(identity: Identity, xid: string, beside: Kept): Cursor {
  return { kind: "xid", position: { xid, ...kept(beside) }, identity: { ...identity }, horizon: null };
}

/** A cursor at an instant; null while none is known to be complete. */
export function instantCursor(identity: Identity, instant: string | null, beside: Kept): Cursor {
  return { kind: "updated_at", position: { at: instant, ...kept(beside) }, identity: { ...identity }, horizon: instant };
}

/** Whether two cursors belong to different things; what only one of them knows is no difference. */
export function isForeign(published: Identity, found: Identity): boolean {
  const names = ["system", "timeline", "database", "relation", "table"] as const;
  return names.some((name) => {
    const [was, is] = [published[name], found[name]];
    return was !== undefined && is !== undefined && was !== is;
  });
}

function order(a: string | bigint, b: string | bigint): Comparison {
  return a > b ? "ahead" : a === b ? "equal" : "behind";
}

/** Instants have one width, so that their texts sort as they do. A cursor without a position is behind every other. */
function compareInstants(feed: string, published: Cursor, found: Cursor): Comparison {
  return order(instantOf(found, feed) ?? "", instantOf(published, feed) ?? "");
}

/** How a cursor found now stands to the published one; after another mode was declared a whole read begins a new kind. */
export function compareCursors({ id }: Feed, published: Cursor, found: Cursor): Comparison {
  if (isForeign(identityOf(published, id), identityOf(found, id))) return "foreign";
  if (published.kind !== found.kind) return "ahead";
  switch (found.kind as CursorMode["mode"]) {
    case "xid":
      return order(BigInt(xidOf(found, id)), BigInt(xidOf(published, id)));
    case "updated_at":
      return compareInstants(id, published, found);
    case "whole":
      return "equal";
  }
}
