import type { Fault } from "./faults.ts";
import type { Feed, FeedId } from "./feed.ts";

/**
 * The scoreboard counts named units. Rows: (feed, source key, row version, kind and rule). Classes that the product records
 * as numbers only: (run, feed, class, 1…n), so that n expected against m recorded is exactly |n − m| off. Gates: (run, gate).
 */
export type UnitName = string;

/** Units with the fault each belongs to. */
export type Units = ReadonlyMap<UnitName, Fault>;

/** Adds units one by one: what is found twice counts twice, so that a row recorded again each hour is a false alarm. */
export function addUnits(into: Map<UnitName, Fault>, found: Iterable<readonly [UnitName, Fault]>): void {
  for (const [name, fault] of found) {
    let free = name;
    for (let n = 2; into.has(free); n += 1) free = `${name}#${n}`;
    into.set(free, fault);
  }
}

export interface RowAt {
  readonly feed: FeedId;
  readonly id: string;
  readonly version: string;
}

/** A row that waits, for one of its reasons. */
export function waitingUnit(row: RowAt, kind: string, rule: string): UnitName {
  return `${row.feed}|${row.id}|${row.version}|${kind}:${rule}`;
}

/** A row that the source no longer has. */
export function vanishedUnit(row: RowAt): UnitName {
  return `${row.feed}|${row.id}|${row.version}|vanished`;
}

/** A row that no hourly run can see, and that a comparison with its source names. */
export function unseenUnit(feed: FeedId, key: string): UnitName {
  return `${feed}|${key}|unseen`;
}

/** What a comparison names: the row of a feed or table, or the key of a tie, and the class that it has. */
export interface Named {
  readonly of: string;
  readonly key: string;
  readonly class: string;
}

/** A key of a tie of which two systems say otherwise. */
export function untiedUnit({ of, key, class: is }: Named): UnitName {
  return `${of}|${key}|untied ${is}`;
}

/** A row that somebody changed in the warehouse by hand, and that a comparison names. */
export function tamperedUnit({ of, key, class: is }: Named): UnitName {
  return `${of}|${key}|tampered ${is}`;
}

/** A row whose clock was behind, and that a full read brought in. */
export function lateUnit(row: RowAt): UnitName {
  return `${row.feed}|${row.id}|${row.version}|late`;
}

/** `count` rows of a class in one run. */
export function countedUnits(run: string, name: string, count: number): UnitName[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => `${run}|${name}|${i + 1}`);
}

/** `count` rows of clocks that are ahead, read again in one run and left as they are. */
export function rereadUnits(run: string, feed: FeedId, count: number): [UnitName, Fault][] {
  return countedUnits(run, `${feed}|unchanged`, count).map((name) => [name, "clock_forward"]);
}

/** What a file is found to be. */
export function fileUnit(feed: FeedId, path: string, what: string): UnitName {
  return `${feed}|${path}|${what}`;
}

/** `count` records in one run that a later file has too. */
export function olderUnits(run: string, feed: FeedId, count: number): [UnitName, Fault][] {
  return countedUnits(run, `${feed}|superseded`, count).map((name) => [name, "file_late"]);
}

/** `count` further physical copies in one run. */
export function copyUnits(run: string, feed: Pick<Feed, "id" | "isFiles">, count: number): [UnitName, Fault][] {
  return countedUnits(run, `${feed.id}|duplicate`, count).map((name) => [
    name,
    feed.isFiles ? "doubled_record" : "duplicate_copy",
  ]);
}

/** A gate that stops a run. */
export function gateUnit(run: string, gate: string): UnitName {
  return `${run}|gate:${gate}`;
}

/** Something that a run as a whole must do. */
export function runUnit(run: string, what: string): UnitName {
  return `${run}|${what}`;
}

const FAULT_OF_RULE: Feed["rules"]["faults"] = [
  [/\.parent_quarantined$/, "child_of_quarantined"],
  [/\.foreign_key$/, "orphan_forever"],
  [/\.unique$/, "duplicate_contender"],
  [/\.immutable$/, "immutable_changed"],
  [/\.type$/, "type_error"],
];

/** The fault that a rule of a feed reports, for alarms that match nothing expected. */
export function faultOfRule({ rules }: Feed, rule: string): Fault {
  return [...rules.faults, ...FAULT_OF_RULE].find(([pattern]) => pattern.test(rule))?.[1] ?? "other";
}
