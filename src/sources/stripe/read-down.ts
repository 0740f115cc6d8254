import { Failure } from "../../kernel/problem.ts";
import { type Gathering, type ListPage, lookAtPage, takePage } from "./gathering.ts";
import { listUnsteady } from "./problems.ts";

/** Objects created in `[from, before)`, seconds since 1970; `from` null is the first there ever was. */
export interface CreatedRange {
  readonly from: number | null;
  /** Infinity where the newest object that there is belongs to it. */
  readonly before: number;
}

interface Stopping {
  /** Asked behind each page: what is complete by then is enough. */
  readonly mayStop: () => boolean;
  /** Told behind each page of the second down to which everything is complete: the last one before which nothing was read. */
  readonly onSettled?: (before: number) => void;
}

/** How often in a row a list may lose the object that its next page begins behind. */
const LOST = 5;

const seconds = ({ from, before }: CreatedRange): Record<string, string> => ({
  ...(from === null ? {} : { "created[gte]": String(from) }),
  ...(before === Number.POSITIVE_INFINITY ? {} : { "created[lt]": String(before) }),
});

/** The second of the oldest object of a page; null where none has one. */
function oldestOf({ objects }: ListPage): number | null {
  const instants = objects.flatMap(({ created }) => (created === null ? [] : [created]));
  return instants.length === 0 ? null : Math.min(...instants);
}

/**
 * Reads a list from its newest object down. Behind each page everything newer than the page's oldest second is complete, so a list
 * whose cursor is lost (the object was deleted, or left the filter) goes on from that second; nothing is read again but its ties.
 * @returns null where the range is read to its end; else the second before which nothing was read yet.
 * @throws Failure `incomplete` where the list stays unsteady, and as the API.
 */
export async function readDown(of: Gathering, range: CreatedRange, { mayStop, onSettled }: Stopping): Promise<number | null> {
  let { before } = range;
  let behind: Readonly<Record<string, string>> = {};
  for (;;) {
    const page = await steadyPage(of, { range: { ...range, before }, behind });
    const last = page.objects.at(-1);
    if (!page.hasMore || last === undefined) return null;
    behind = { starting_after: last.id };
    before = Math.min(before, (oldestOf(page) ?? before) + 1);
    onSettled?.(before);
    if (before < range.before && mayStop()) return before;
  }
}

/** The next page of a list; from the beginning of the range where the object is lost that it was to begin behind. */
async function steadyPage(
  of: Gathering,
  { range, behind }: { range: CreatedRange; behind: Readonly<Record<string, string>> },
): Promise<ListPage> {
  let page = await takePage(of, { ...seconds(range), ...behind });
  for (let lost = 1; page.isLost; lost += 1) {
    if (lost >= LOST) throw new Failure("incomplete", listUnsteady({ source: of.source, name: of.name, times: lost }));
    page = await takePage(of, seconds(range));
  }
  return page;
}

/**
 * Looks at the head of a list again that was read to its end: an object that its service showed late, or wrote meanwhile, stands there.
 * Pages are read on until one has nothing new.
 */
export async function lookAgain(of: Gathering, range: CreatedRange): Promise<void> {
  let { isNew, page } = await lookAtPage(of, seconds(range));
  for (let lost = 0; (isNew && page.hasMore) || (page.isLost && lost < LOST); ) {
    lost += page.isLost ? 1 : 0;
    const behind = page.isLost ? {} : { starting_after: page.objects.at(-1)?.id ?? "" };
    ({ isNew, page } = await lookAtPage(of, { ...seconds(range), ...behind }));
  }
}
