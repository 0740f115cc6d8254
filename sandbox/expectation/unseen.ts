import { grouped } from "../../src/kernel/grouped.ts";
import type { Feed, FeedId, Row } from "../feed.ts";
import { rowVersion } from "../row-version.ts";
import { type UnitName, type Units, unseenUnit } from "../units.ts";
import type { TrueRow } from "../world/truth.ts";
import { isLate } from "./expect-run.ts";
import type { ExpectedState } from "./state.ts";

/** Rows that the next run brings by itself. */
const isComing = (state: ExpectedState, feed: Feed, row: TrueRow) => row.commit > state.lastCommit && !isLate(state, feed, row);

function unseenOf(state: ExpectedState, feed: Feed, rows: readonly TrueRow[]): UnitName[] {
  const { published, waiting } = state.of(feed.id);
  const same = (a: Row, b: Row) => rowVersion(feed, a) === rowVersion(feed, b);
  const isKnown = ({ cells }: TrueRow) => {
    const id = feed.keyOf(cells);
    const live = published.get(id);
    const isLive = live !== undefined && !live.deleted && same(live.cells, cells);
    return isLive || waiting.some((row) => row.id === id && same(row.cells, cells));
  };
  return [...grouped(rows, ({ cells }) => feed.keyOf(cells))]
    .filter(([, own]) => own.every((row) => !isComing(state, feed, row) && !isKnown(row)))
    .map(([key]) => unseenUnit(feed.id, key));
}

/**
 * Rows of tables that are neither published nor wait, and that no hourly run will bring: written by a clock that is behind. The next full
 * read brings them; a comparison with the source names them before.
 */
export function unseenRows(state: ExpectedState, rows: ReadonlyMap<FeedId, readonly TrueRow[]>): Units {
  const tables = state.feeds.filter(({ isFiles }) => !isFiles);
  const units = tables.flatMap((feed) => unseenOf(state, feed, rows.get(feed.id) ?? []));
  return new Map(units.map((unit) => [unit, "clock_back"]));
}
