import type { Feed } from "../../config/pipeline.ts";
import { pointerNames } from "../pages/pointer.ts";
import type { SourceColumn } from "../source.ts";
import { COVERAGE } from "./coverage.ts";
import type { StripeObject } from "./gathering.ts";
import { stripeReading } from "./stripe-kind.ts";

/** Objects of a batch from which on a path that none of them has is gone from the API. */
const ENOUGH = 20;

/** Which places of the contracts' columns the objects of a reading have. */
export interface FeedPaths {
  see(object: StripeObject): void;
  /** The columns that a feed's objects have: all, but required ones whose place is in none of twenty objects or more. */
  columns(feed: Feed): SourceColumn[];
}

interface Watched {
  readonly names: readonly string[];
  readonly inside: string | null;
  objects: number;
  /** Required columns that no object had yet. */
  readonly unseen: Map<string, readonly string[]>;
}

const isThere = (value: unknown, names: readonly string[]): boolean => {
  let at = value;
  for (const name of names) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
};

function watched(feed: Feed): Watched {
  const line = COVERAGE[stripeReading(feed).object];
  const required = feed.contract.columns.filter((column) => column.required && column.place);
  return {
    names: feed.contract.columns.map(({ name }) => name),
    inside: line.changes === "parents" ? line.inside.slice(1) : null,
    objects: 0,
    unseen: new Map(required.map(({ name, place }) => [name, pointerNames(place?.pointer ?? "")])),
  };
}

function bodiesOf({ body }: StripeObject, inside: string | null): readonly unknown[] {
  if (inside === null) return [body];
  const list = body[inside] as { data?: unknown } | null | undefined;
  return Array.isArray(list?.data) ? list.data : [];
}

function seeBody(of: Watched, body: unknown): void {
  of.objects += 1;
  for (const [name, path] of of.unseen) if (isThere(body, path)) of.unseen.delete(name);
}

/** Watches the objects of a reading for the places that the feeds' contracts need. */
export function watchPaths(feeds: readonly Feed[]): FeedPaths {
  const all = new Map(feeds.map((feed) => [feed.id, watched(feed)]));
  return {
    see: (object) => {
      for (const of of all.values()) for (const body of bodiesOf(object, of.inside)) seeBody(of, body);
    },
    columns: ({ id }) => {
      const { names, objects, unseen } = all.get(id) as Watched;
      const shown = objects < ENOUGH ? names : names.filter((name) => !unseen.has(name));
      return shown.map((name) => ({ name, type: "json", nullable: true }));
    },
  };
}
