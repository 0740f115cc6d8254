import { BREAK_CLASSES, type BreakClass } from "./break-class.ts";
import { type Break, breaksIn, type KeptEvent } from "./kept-breaks.ts";

/** What became of the breaks of a class from one instant on: `opening + found + reclassified - cleared = closing`. */
export interface RollForward {
  readonly class: BreakClass;
  readonly opening: number;
  readonly found: number;
  /** Those that came from other classes, less those that went to others. */
  readonly reclassified: number;
  readonly cleared: number;
  /** Accepted ones among them. */
  readonly closing: number;
}

const openById = (events: readonly KeptEvent[]) =>
  new Map(breaksIn(events).flatMap((one) => (one.isOpen ? [[one.id, one] as const] : [])));

/**
 * The roll-forward of breaks from an instant to now, class by class; every number is counted from breaks, none as what the others leave.
 * @param since ISO 8601 in UTC; what happened before it is the opening.
 */
export function rollForward(events: readonly KeptEvent[], since: string): RollForward[] {
  const from = Date.parse(since);
  const isSince = (instant: string) => Date.parse(instant) >= from;
  const before = openById(events.filter(({ at }) => !isSince(at)));
  const now = breaksIn(events);
  const count = (is: (one: Break) => boolean) => now.filter(is).length;
  return BREAK_CLASSES.map((name) => {
    const opened = [...before.values()].filter((one) => one.class === name).length;
    return {
      class: name,
      opening: opened,
      found: count((one) => one.class === name && !before.has(one.id) && isSince(one.foundAt)),
      reclassified:
        count((one) => one.class === name && (before.get(one.id)?.class ?? name) !== name) -
        count((one) => before.get(one.id)?.class === name && one.class !== name),
      cleared: count((one) => one.class === name && !one.isOpen && isSince(one.at)),
      closing: count((one) => one.class === name && one.isOpen),
    };
  }).filter(({ class: _, ...numbers }) => Object.values(numbers).some((n) => n !== 0));
}
