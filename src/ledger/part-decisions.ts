import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** What people may decide about a part of a feed, and the events of the audit trail that say so. */
export const PART_EVENTS = {
  accept: "part.accepted",
  reject: "part.rejected",
  retry: "part.retried",
  waive: "part.waived",
} as const;

/** What somebody decided about one version of a part of a feed: a file. */
export interface PartDecision {
  /** Of the event. */
  readonly id: string;
  readonly part: string;
  readonly version: string;
  readonly does: keyof typeof PART_EVENTS;
}

/** One decision as the audit trail holds it. */
export interface RecordedPart extends PartDecision {
  readonly feed: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/**
 * The newest decision about a version of a part that no run has followed yet; undefined without one.
 * @param of the version, and the decision that was followed last.
 */
export function pendingAmong<T extends PartDecision>(
  decisions: readonly T[],
  of: { readonly version: string; readonly decided: string | null },
): T | undefined {
  const last = decisions.filter(({ version }) => version === of.version).at(-1);
  return last?.id === of.decided ? undefined : last;
}

/** The detail of an event that decides about a part. */
export const partDetail = ({ feed, part, version }: Pick<RecordedPart, "feed" | "part" | "version">) =>
  JSON.stringify({ feed, part, version });

/** Decisions about parts of a group's feeds, the oldest first. */
export async function readPartDecisions(
  session: Pick<Session, "rows">,
  dialect: Dialect,
  group: string,
): Promise<RecordedPart[]> {
  const events = Object.values(PART_EVENTS).map((event) => dialect.literal(event));
  const at = dialect.landedText("a.happened_at", { kind: "timestamp" });
  const rows = await session.rows({
    name: "extract.part-decisions",
    sql: `SELECT a.event_id, a.event, a.detail, a.actor, a.reason, a.ticket, ${at} AS happened_at FROM ${ops(dialect, "audit_event")} a
WHERE a.run_group = ${dialect.literal(group)} AND a.event IN (${events.join(", ")}) ORDER BY a.happened_at, a.event_id`,
  });
  return rows.flatMap((row) => {
    const does = (Object.keys(PART_EVENTS) as (keyof typeof PART_EVENTS)[]).find((name) => PART_EVENTS[name] === row["event"]);
    if (does === undefined) return [];
    const { feed, part, version } = JSON.parse(row["detail"] ?? "{}") as Pick<RecordedPart, "feed" | "part" | "version">;
    const [id, actor, when] = [row["event_id"] ?? "", row["actor"] ?? "", isoInstant(row["happened_at"]) ?? ""];
    return [{ id, feed, part, version, does, actor, reason: row["reason"] ?? null, ticket: row["ticket"] ?? null, at: when }];
  });
}
