import type { UnfilledColumns } from "../schema/unfilled-columns.ts";
import { type Gate, gate } from "./gate.ts";

/** What rows lack, and what fills it, for people. */
export function unfilledText({ rows, command }: Pick<UnfilledColumns, "rows" | "command">): string {
  return `${rows} live rows were published before the column and read NULL in it; \`${command}\` fills them`;
}

/** Tells of rows that are older than columns of their feed; never blocks. */
export function newColumnGates(unfilled: readonly UnfilledColumns[]): Gate[] {
  return unfilled.map(({ feed, columns, ...rest }) =>
    gate("new_column", { feed, subject: columns.join(", ") }, { holds: false, observed: unfilledText(rest), limit: "0 rows" }),
  );
}
