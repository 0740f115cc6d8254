import type { Finding } from "../../source.ts";
import { type Calendar, type Expected, type Overdue, overdue } from "./calendar.ts";
import type { FileEntry, Listed } from "./file-ledger.ts";
import type { FilePattern } from "./file-pattern.ts";
import type { Taking } from "./taking.ts";

/** What says which of a feed's expected files are there. */
export interface Expecting {
  readonly calendar: Calendar | null;
  readonly pattern: FilePattern;
  readonly partners: readonly (string | null)[];
  /** The ledger with the run's changes. */
  readonly ledger: ReadonlyMap<string, FileEntry>;
  /** Files that are left for the next run. */
  readonly unsettled: readonly Listed[];
  readonly decisions: Taking["decisions"];
  readonly now: Date;
}

/** How decisions and reports call the file of a partner and a day. */
const nameOf = ({ partner, date }: Expected) => (partner === null ? date : `${partner} ${date}`);

/** Files that came, by the names of what was expected; one that was stopped or rejected leaves its day open. */
function arrived({ pattern, ledger, unsettled }: Expecting): Set<string> {
  const came = [...ledger]
    .filter(([, entry]) => entry.in_force !== null || (entry.state !== "stopped" && entry.state !== "rejected"))
    .map(([path]) => path);
  return new Set(
    [...came, ...unsettled.map(({ path }) => path)].flatMap((path) => {
      const named = pattern.match(path);
      return named?.date ? [nameOf({ partner: named.partner, date: named.date })] : [];
    }),
  );
}

function since(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} days`;
}

const NAMED = 10;

function says(kind: Overdue["is"], all: readonly Overdue[]): string[] {
  const of = all.filter(({ is }) => is === kind);
  const names = of.slice(0, NAMED).map((one) => `${nameOf(one)} (${since(one.minutes)})`);
  const more = of.length > NAMED ? [`${of.length - NAMED} more`] : [];
  return of.length === 0 ? [] : [`${kind}: ${[...names, ...more].join(", ")}`];
}

/** What a report says of files that are due and not there; none where nobody expects any. */
export function dueFindings(expecting: Expecting): Finding[] {
  const { calendar, partners, decisions, now } = expecting;
  if (calendar === null) return [];
  const there = arrived(expecting);
  const isWaived = (name: string) => decisions.get(name)?.does === "waive";
  const isThere = (one: Expected) => there.has(nameOf(one)) || isWaived(nameOf(one)) || isWaived(one.date);
  const all = overdue(calendar, partners, { now, isThere });
  return all.length === 0 ? [] : [{ of: "file_due", says: [...says("late", all), ...says("missing", all)].join("; ") }];
}
