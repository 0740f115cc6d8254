import type { Feed } from "../../config/pipeline.ts";
import { pointerNames } from "../pages/pointer.ts";
import type { SourceColumn } from "../source.ts";
import { COVERAGE, membersOfOthers } from "./coverage.ts";
import type { StripeObject } from "./gathering.ts";
import { stripeReading } from "./stripe-kind.ts";

/** Objects of a batch from which on a path that none of them has is gone from the API. */
const ENOUGH = 20;

/** Members whose own names are whatever people write: one path for all of them. */
const MAPS: ReadonlySet<string> = new Set(["metadata"]);

/** Which members the objects of a reading have. */
export interface FeedPaths {
  see(object: StripeObject): void;
  /**
   * The contract's columns, but required ones whose place is in none of twenty objects or more; behind them every path that objects
   * were ever seen to have.
   */
  columns(feed: Feed): SourceColumn[];
  /** All paths, where the reading found one that was not known; else null. */
  news(feed: Feed): readonly string[] | null;
}

/** Members that were seen, by their names. */
interface Members extends Map<string, Members> {}

interface Watched {
  readonly names: readonly string[];
  /** The list whose elements the feed is of; null where it is of the objects themselves. */
  readonly inside: string | null;
  /** Members that are of other kinds of objects. */
  readonly others: ReadonlySet<string>;
  readonly seen: Members;
  readonly known: number;
  paths: number;
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

function memberOf(members: Members, name: string, of: Watched): Members {
  const found = members.get(name);
  if (found) return found;
  const made: Members = new Map();
  members.set(name, made);
  of.paths += 1;
  return made;
}

/** Notes the members of a value; elements of a list are one path. */
function note(value: unknown, members: Members, of: Watched): void {
  if (Array.isArray(value)) {
    for (const element of value) note(element, memberOf(members, "*", of), of);
    return;
  }
  if (value === null || typeof value !== "object") return;
  for (const name in value) {
    const member = memberOf(members, name, of);
    if (!MAPS.has(name)) note((value as Record<string, unknown>)[name], member, of);
  }
}

function pointersOf(members: Members, above = ""): string[] {
  return [...members].flatMap(([name, own]) => {
    const pointer = `${above}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return [pointer, ...pointersOf(own, pointer)];
  });
}

function watched({ feed, known }: { feed: Feed; known: readonly string[] }): Watched {
  const { object } = stripeReading(feed);
  const line = COVERAGE[object];
  const required = feed.contract.columns.filter((column) => column.required && column.place);
  const of: Watched = {
    names: feed.contract.columns.map(({ name }) => name),
    inside: line.changes === "parents" ? line.inside.slice(1) : null,
    others: new Set(membersOfOthers(object)),
    seen: new Map(),
    known: known.length,
    paths: 0,
    objects: 0,
    unseen: new Map(required.map(({ name, place }) => [name, pointerNames(place?.pointer ?? "")])),
  };
  for (const pointer of known) {
    let at = of.seen;
    for (const name of pointerNames(pointer)) at = memberOf(at, name, of);
  }
  return of;
}

function bodiesOf({ body }: StripeObject, inside: string | null): readonly unknown[] {
  if (inside === null) return [body];
  const list = body[inside] as { data?: unknown } | null | undefined;
  return Array.isArray(list?.data) ? list.data : [];
}

function seeBody(of: Watched, body: unknown): void {
  of.objects += 1;
  for (const [name, path] of of.unseen) if (isThere(body, path)) of.unseen.delete(name);
  if (body === null || typeof body !== "object") return;
  for (const name in body) {
    const member = memberOf(of.seen, name, of);
    if (!MAPS.has(name) && !of.others.has(name)) note((body as Record<string, unknown>)[name], member, of);
  }
}

/** Watches the objects of a reading: for the places that the feeds' contracts need, and for members that nobody knew of. */
export function watchPaths(feeds: readonly { readonly feed: Feed; readonly known: readonly string[] }[]): FeedPaths {
  const all = new Map(feeds.map((one) => [one.feed.id, watched(one)]));
  const column = (name: string) => ({ name, type: "json", nullable: true });
  return {
    see: (object) => {
      for (const of of all.values()) for (const body of bodiesOf(object, of.inside)) seeBody(of, body);
    },
    columns: ({ id }) => {
      const { names, objects, unseen, seen } = all.get(id) as Watched;
      const shown = objects < ENOUGH ? names : names.filter((name) => !unseen.has(name));
      return [...shown, ...pointersOf(seen).sort()].map(column);
    },
    news: ({ id }) => {
      const { paths, known, seen } = all.get(id) as Watched;
      return paths > known ? pointersOf(seen).sort() : null;
    },
  };
}
