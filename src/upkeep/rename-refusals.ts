import type { Feed } from "../config/pipeline.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import { publishedFeeds } from "../ledger/published-feeds.ts";
import type { Recorded } from "../ledger/recorded.ts";
import { publishedNames, stagingColumns, unfitFor } from "../schema/rename-fit.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { sharesStaging, stagingRows, stem } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { UpkeepEngine } from "./engine.ts";
import {
  notPublished,
  renameNotConfigured,
  renameOfRetired,
  renameOtherGroup,
  renameStillConfigured,
  renameTaken,
  renameWithoutReason,
} from "./problems.ts";

/** The names as somebody typed them. */
interface Names {
  readonly feed: string;
  readonly was: string;
}

/**
 * What the configuration says to a rename.
 * @returns the feed that is to have the rows.
 * @throws Failure `usage`.
 */
export function configuredFor({ pipeline: { feeds } }: UpkeepEngine, asked: Names & { reason: string | null }): Feed {
  if (asked.reason === null) throw new Failure("usage", renameWithoutReason(asked));
  const feed = feeds.get(asked.feed);
  if (!feed) throw new Failure("usage", renameNotConfigured({ ...asked, known: [...feeds.keys()] }));
  const still = feeds.get(asked.was);
  if (still) throw new Failure("usage", renameStillConfigured({ ...asked, file: still.at.file }));
  return feed;
}

/** How many rows a feed's staging table has, tombstones included. */
export function countStaged(dialect: Dialect, feed: Feed): Statement {
  return { name: "rename.taken", sql: `SELECT ${asText("COUNT(*)")} AS row_count FROM ${stagingRows(dialect, feed)}` };
}

/** What the feed has already, as the end of "the feed … has … of its own"; null for nothing. */
async function ownOf(
  session: Session,
  { warehouse: { dialect } }: UpkeepEngine,
  { feed, was, isKnown }: { feed: Feed; was: string; isKnown: boolean },
): Promise<string | null> {
  if (isKnown) return "published batches";
  const open = (await publishedFeeds(session, dialect, null)).find((published) => published.feed === feed.id);
  if (open) return "published or waiting rows";
  const isThere = (await stagingColumns(session, dialect)).has(stem(feed));
  if (!isThere || sharesStaging({ feed, was })) return null;
  const [row] = await session.rows(countStaged(dialect, feed));
  return row?.["row_count"] === "0" ? null : `${row?.["row_count"]} rows in staging`;
}

async function problemsOf(
  session: Session,
  engine: UpkeepEngine,
  { feed, was, recorded }: { feed: Feed; was: string; recorded: Recorded },
): Promise<Problem[]> {
  const { pipeline, warehouse } = engine;
  const names = { feed: feed.id, was };
  const published = await publishedNames(session, warehouse.dialect);
  const groups = published.get(was) ?? [];
  if (groups.length === 0) return [notPublished({ kind: "feed", name: was, known: [...published.keys()] })];
  if (groups.some((group) => group !== feed.group)) {
    return [renameOtherGroup({ ...names, group: feed.group, published: groups })];
  }
  if (recorded.retiredFeeds.has(was)) return [renameOfRetired(names)];
  const isKnown = (published.has(feed.id) && !recorded.renamed.has(feed.id)) || recorded.retiredFeeds.has(feed.id);
  const own = await ownOf(session, engine, { feed, was, isKnown });
  if (own !== null) return [renameTaken({ ...names, has: own })];
  return unfitFor(session, warehouse.dialect, { pipeline, feed, was });
}

/**
 * Looks whether the published rows of a former name can be those of a feed. Changes nothing.
 * @throws Failure `usage` with everything that says no.
 */
export async function refuseRename(
  session: Session,
  engine: UpkeepEngine,
  asked: { feed: Feed; was: string; recorded: Recorded },
): Promise<void> {
  const problems = await problemsOf(session, engine, asked);
  if (problems.length > 0) throw new Failure("usage", problems);
}
