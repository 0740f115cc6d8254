import { canonicalJson } from "../../kernel/fingerprint.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Cursor, FeedExtract, FeedRequest, Finding } from "../source.ts";
import type { Relation } from "./catalog.ts";
import { checkClock, clockOf, lowestShown } from "./clock.ts";
import { byOf, instantOf, keptOf, xidOf } from "./cursor.ts";
import { checkCursorRight } from "./cursor-right.ts";
import { hasOneOf, requireTellable } from "./key-sql.ts";
import { keyWarnings } from "./key-warnings.ts";
import { postgresReading } from "./postgres-kind.ts";
import { reshaped } from "./problems.ts";
import { boundSql, changePredicate, checkNeededColumns, cursorType } from "./select-sql.ts";
import type { Session } from "./session.ts";
import { compareShapes, type Reshaped, readShape, type Shape } from "./shape.ts";

/** How one feed is read in a snapshot. */
export interface ReadPlan {
  /** The condition of an incremental read; null where everything is read. */
  readonly where: string | null;
  readonly findings: readonly Finding[];
  /** Null where the feed has no cursor that a shape could mislead. */
  readonly shape: Shape | null;
  readonly below: FeedExtract["below"];
}

type Incremental = Exclude<ReturnType<typeof postgresReading>["cursor"], { mode: "whole" }>;

interface Bound {
  readonly text: string;
  readonly sql: string;
}

/** The bound of a cursor of the feed's own mode; null where it has none. */
async function boundOf(
  session: Session,
  { feed }: FeedRequest,
  { cursor, by, found, clock }: { cursor: Cursor | null; by: Incremental; found: Relation; clock: string | null },
): Promise<Bound | null> {
  const type = cursorType(feed, by, found);
  if (cursor === null || cursor.kind !== by.mode) return null;
  const start = by.mode === "xid" ? xidOf(cursor, feed.id) : instantOf(cursor, feed.id);
  if (start === null) return null;
  const text = clock === null ? start : await lowestShown(session, start, clock);
  return { text, sql: boundSql(text, type) };
}

const UNCHANGED: Reshaped = { changes: [], attached: [] };

/** How the relation changed under the cursor, where that is known. */
function changeOf({ feed, cursor }: FeedRequest, shape: Shape): Reshaped {
  if (cursor === null) return UNCHANGED;
  const { shape: before, by } = keptOf(cursor);
  const other = by !== null && canonicalJson(by) !== canonicalJson(byOf(feed));
  const moved =
    other && cursor.kind === postgresReading(feed).cursor.mode
      ? [`its position is one of ${by.column}, by another clock or column`]
      : [];
  const { changes, attached } = before === null ? UNCHANGED : compareShapes(before, shape);
  return { changes: [...moved, ...changes], attached };
}

/** What is said of a relation that changed without a stamp. @throws Failure `incomplete` where it may not be read whole unasked. */
function changeFindings({ feed, mayReadWhole }: FeedRequest, { changes, attached }: Reshaped): Finding[] {
  const partitions: Finding[] =
    attached.length === 0 ? [] : [{ of: "attached", says: `all rows of ${attached.length} tables that were attached are read` }];
  if (changes.length === 0) return partitions;
  if (!mayReadWhole) throw new Failure("incomplete", reshaped({ feed: feed.id, origin: feed.origin, changes }));
  return [{ of: "read_whole", says: `read whole, since rows may have changed without a stamp: ${changes.join("; ")}` }];
}

/**
 * Decides how a feed is read, and looks whether its relation is still the one that its cursor was made of.
 * @throws Failure `incomplete` where its cursor cannot say what changed.
 */
export async function planRead(session: Session, request: FeedRequest, found: Relation): Promise<ReadPlan> {
  const { feed, cursor, published } = request;
  checkNeededColumns(feed, found);
  const { cursor: by } = postgresReading(feed);
  const equality = keyWarnings(feed, found).map((says): Finding => ({ of: "equality", says }));
  if (request.only) {
    requireTellable(feed, found);
    return { where: hasOneOf(feed, found, request.only), findings: equality, shape: null, below: undefined };
  }
  if (by.mode === "whole") return { where: null, findings: equality, shape: null, below: undefined };
  const clock = clockOf(feed, found);
  const right = await checkCursorRight(session, feed, found);
  const shape = await readShape(session, feed, found);
  const change = changeOf(request, shape);
  const findings = [...equality, ...right, ...changeFindings(request, change)];
  const from = await boundOf(session, request, { cursor: published, by, found, clock });
  if (cursor === null || from === null || change.changes.length > 0) {
    const type = by.mode === "xid" ? ("integer" as const) : ("timestamp" as const);
    const below = from === null ? undefined : { column: by.column, type, at: from.text };
    return { where: null, findings, shape, below };
  }
  const seen = keptOf(cursor).seen;
  const look = seen && { feed, found, clock, bound: from.sql, seen };
  const clocked = look ? await checkClock(session, look) : [];
  return {
    where: changePredicate(by.column, from.sql, change.attached),
    findings: [...findings, ...clocked],
    shape,
    below: undefined,
  };
}
