import { z } from "zod";
import type { Feed } from "../../config/pipeline.ts";
import { canonicalJson } from "../../kernel/fingerprint.ts";
import { Failure } from "../../kernel/problem.ts";
import { cursorUnreadable } from "../problems.ts";
import type { Comparison, Cursor } from "../source.ts";
import type { CursorMode } from "./postgres-kind.ts";

/** The server a cursor belongs to; after a promotion or a restore it has another timeline. */
export interface Identity {
  readonly system: string;
  readonly timeline: string;
}

const IDENTITY = z.strictObject({ system: z.string(), timeline: z.string() });
const XID = z.strictObject({ xid: z.string().regex(/^\d+$/) });
const INSTANT = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{6}Z$/);

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
export function instantOf(cursor: Cursor, feed: string): string | null {
  return cursor.position === null ? null : read(INSTANT, cursor.position, feed);
}

/** The server that a cursor belongs to. */
export function identityOf(cursor: Cursor, feed: string): Identity {
  return read(IDENTITY, cursor.identity, feed);
}

/** A cursor of a whole read, which starts nowhere. */
export function wholeCursor({ system, timeline }: Identity): Cursor {
  return { kind: "whole", position: null, identity: { system, timeline }, horizon: null };
}

/** A cursor at a snapshot's xmin. */
export function xidCursor({ system, timeline }: Identity, xid: string): Cursor {
  return { kind: "xid", position: { xid }, identity: { system, timeline }, horizon: null };
}

/** A cursor at an instant; null while none is known to be complete. */
export function instantCursor({ system, timeline }: Identity, instant: string | null): Cursor {
  return { kind: "updated_at", position: instant, identity: { system, timeline }, horizon: instant };
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
  if (canonicalJson(published.identity) !== canonicalJson(found.identity)) return "foreign";
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
