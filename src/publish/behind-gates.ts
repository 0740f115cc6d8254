import { BEFORE_RETIREMENT } from "../ledger/recorded.ts";
import type { Behind, LateTable, MixedTable, UnfilledColumns } from "../schema/made-before.ts";
import { type Gate, gate } from "./gate.ts";

/** How many rows each SELECT has made, for people. */
export function mixedText({ live, others }: MixedTable): string {
  const rows = others.reduce((sum, other) => sum + other.rows, 0n);
  const of = others.map(({ select, rows: made }) =>
    select === BEFORE_RETIREMENT ? `${made} ${select}` : `${made} by SELECT ${select}`,
  );
  const missed = others.some(({ select }) => select === BEFORE_RETIREMENT)
    ? "; what came or went at the source meanwhile is not among them, and nothing computes it yet"
    : "";
  return `${rows} of ${live} live rows were not made by today's model (${of.join(", ")}); each follows when a source row of it changes${missed}`;
}

/** What a table lacks that came later than its rows, for people. */
export function lateText({ feed, rows }: LateTable): string {
  return `${rows} live rows of ${feed} were published before the table, which has none of their keys; each comes when a source row of it changes`;
}

/** What rows lack, and what fills it, for people. */
export function unfilledText({ rows, command }: UnfilledColumns): string {
  const fills = command === null ? "each is filled when a source row of it changes" : `\`${command}\` fills them`;
  return `${rows} live rows were published before the column and read NULL in it; ${fills}`;
}

/** Tells what published rows are behind in; never blocks. */
export function behindGates({ late, mixed, unfilled }: Behind): Gate[] {
  return [
    ...late.map((l) =>
      gate("new_model", { feed: l.feed, table: l.table }, { holds: false, observed: lateText(l), limit: "0 rows" }),
    ),
    ...mixed.map((m) => gate("mixed_model", { table: m.table }, { holds: false, observed: mixedText(m), limit: "0 rows" })),
    ...unfilled.map(({ feed, table, columns, ...rest }) => {
      const about = { ...(feed === undefined ? {} : { feed }), ...(table === undefined ? {} : { table }) };
      const observed = unfilledText({ columns, ...rest });
      return gate("new_column", { ...about, subject: columns.join(", ") }, { holds: false, observed, limit: "0 rows" });
    }),
  ];
}
