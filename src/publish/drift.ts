import type { DriftAction, DriftPolicy, Feed } from "../config/pipeline.ts";
import type { SourceColumn } from "../sources/source.ts";
import { type Gate, severeGate } from "./gate.ts";

/** One change of a feed's columns at the source against what was last published. */
export interface DriftChange {
  readonly kind: keyof DriftPolicy;
  readonly column: string;
  readonly says: string;
}

/** What is said of a feed that has not a single column at its source. */
export function notShown({ origin }: Pick<Feed, "origin">): string {
  return `the source shows nothing called ${origin} to this login`;
}

const byName = (columns: readonly SourceColumn[]) => new Map(columns.map((c) => [c.name, c]));

/**
 * Compares a feed's source columns with those of its last published extract and with its contract. A removed and an added
 * column of one type, both new, are a rename. Without an earlier extract only missing contract columns can be seen.
 */
export function findDrift(feed: Feed, now: readonly SourceColumn[], before: readonly SourceColumn[] | null): DriftChange[] {
  // One finding, not one for each column.
  if (now.length === 0) return [{ kind: "removed", column: "*", says: notShown(feed) }];
  const [current, earlier] = [byName(now), byName(before ?? now)];
  const wanted = [...feed.contract.columns.map((c) => c.name), ...feed.needs];
  const removed = [...new Set(wanted)].filter((name) => !current.has(name));
  const added = now.filter((c) => !earlier.has(c.name));
  const changes: DriftChange[] = [];
  const renamedTo = new Set<string>();
  for (const name of removed) {
    const was = earlier.get(name);
    const to = added.find((c) => c.type === was?.type && !renamedTo.has(c.name));
    if (to) renamedTo.add(to.name);
    changes.push(
      to
        ? { kind: "renamed", column: name, says: `${name} seems to be called ${to.name} now` }
        : { kind: "removed", column: name, says: `${name} is gone` },
    );
  }
  for (const column of added.filter((c) => !renamedTo.has(c.name))) {
    changes.push({ kind: "added", column: column.name, says: `${column.name} ${column.type} is new` });
  }
  return [...changes, ...wanted.flatMap((name) => retyped(name, earlier.get(name), current.get(name)))];
}

function retyped(name: string, was: SourceColumn | undefined, is: SourceColumn | undefined): DriftChange[] {
  if (!(was && is) || was.type === is.type) return [];
  return [{ kind: "retyped", column: name, says: `${name} was ${was.type} and is ${is.type}` }];
}

/** Whether a change stops its feed before publishing. */
export function isStopped(changes: readonly DriftChange[], policy: DriftPolicy): boolean {
  return changes.some((change) => policy[change.kind] === "stop");
}

/** The drift gate of a feed; null when nothing changed. */
export function driftGate(feed: Feed, changes: readonly DriftChange[], policy: DriftPolicy): Gate | null {
  if (changes.length === 0) return null;
  const stopped = isStopped(changes, policy);
  const action = (change: DriftChange): DriftAction => policy[change.kind];
  return severeGate(
    { name: "drift", severity: stopped && feed.required ? "block" : "warn" },
    { feed: feed.id },
    {
      holds: false,
      observed: changes.map((change) => `${change.kind}: ${change.says}`).join("; "),
      limit: [...new Set(changes.map((change) => `${change.kind}: ${action(change)}`))].join(", "),
    },
  );
}
