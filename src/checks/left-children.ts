import { parentFeedId } from "../config/foreign-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import { type CheckPlan, planChecks } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { stagingRows, workTable } from "../warehouse/relations.ts";
import { and, asText, columns, pairedKey, sameKey } from "../warehouse/sql-text.ts";
import { entersStaging } from "./entering.ts";

type ForeignKey = CheckPlan["foreignKeys"][number];

/** Children of a feed of which rows leave. */
interface Family {
  readonly parent: Feed;
  readonly child: Feed;
  readonly fk: ForeignKey;
}

/** What is known of the feeds of a run. */
interface Run {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Feeds of which rows can leave: each has its work table `vanished`. */
  readonly losing: readonly Feed[];
  /** Feeds whose rows were judged: each has its work tables `label` and `verdict`. */
  readonly judged: ReadonlySet<string>;
}

function familiesOf({ feeds, losing }: Run): Family[] {
  const parents = new Map(losing.map((feed) => [feed.id, feed]));
  return [...feeds.values()].flatMap((child) =>
    planChecks(child.contract).foreignKeys.flatMap((fk) => {
      const parent = parents.get(parentFeedId(child, fk.parent.object));
      return parent ? [{ parent, child, fk }] : [];
    }),
  );
}

const leaves = (dialect: Dialect, feed: Feed, alias: string) =>
  `EXISTS (SELECT 1 FROM ${workTable(dialect, "vanished", feed)} g WHERE ${sameKey(dialect, feed.sourceKey, ["g", alias])})`;

/** Keys by which children know a parent, of which every live row leaves and none enters. */
function goneKeys(dialect: Dialect, { parent, fk }: Family): string {
  const key = fk.parent.columns;
  const rows = stagingRows(dialect, parent);
  return `SELECT DISTINCT ${columns(dialect, "p", key)} FROM ${rows} p
  JOIN ${workTable(dialect, "vanished", parent)} v ON ${sameKey(dialect, parent.sourceKey, ["v", "p"])}
  WHERE p._deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM ${rows} a WHERE a._deleted_at IS NULL AND ${sameKey(dialect, key, ["a", "p"])} AND NOT ${leaves(dialect, parent, "a")})
    AND NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "label", parent)} l WHERE ${sameKey(dialect, key, ["l", "p"])} AND ${entersStaging(dialect, parent, "l")})`;
}

/** The parents that a child's rows name: live ones of its staging table that neither leave nor are replaced in this run, and rows that enter it. */
function standing(dialect: Dialect, { child, fk }: Family, { losing, judged }: Run): string[] {
  const keys = columns(dialect, "c", fk.columns);
  const label = workTable(dialect, "label", child);
  const stays = [
    "c._deleted_at IS NULL",
    ...(losing.includes(child) ? [`NOT ${leaves(dialect, child, "c")}`] : []),
    ...(judged.has(child.id)
      ? [
          `NOT EXISTS (SELECT 1 FROM ${label} l WHERE ${sameKey(dialect, child.sourceKey, ["l", "c"])} AND ${entersStaging(dialect, child, "l")})`,
        ]
      : []),
  ];
  return [
    `SELECT ${keys} FROM ${stagingRows(dialect, child)} c WHERE ${and(stays)}`,
    ...(judged.has(child.id) ? [`SELECT ${keys} FROM ${label} c WHERE ${entersStaging(dialect, child, "c")}`] : []),
  ];
}

/**
 * Live rows that are left behind when the last row of their parent's key leaves with this run, per feed and foreign key. A warning,
 * never a reason. Null where no feed has both children and rows that can leave.
 */
export function countLeftChildren(dialect: Dialect, run: Run): Question | null {
  const selects = familiesOf(run).map((family) => {
    const { child, fk } = family;
    const same = pairedKey(dialect, { alias: "p", names: fk.parent.columns }, { alias: "c", names: fk.columns });
    return `SELECT ${dialect.literal(child.id)} AS feed, ${dialect.literal(fk.id)} AS rule, ${asText("COUNT(*)")} AS row_count
FROM (${standing(dialect, family, run).join("\n  UNION ALL ")}) c
JOIN (${goneKeys(dialect, family)}) p ON ${same}`;
  });
  if (selects.length === 0) return null;
  return { name: "left-children", columns: ["feed", "rule", "row_count"], sql: selects.join("\nUNION ALL\n") };
}
