import type { Feed, Pipeline, Source } from "../config/pipeline.ts";
import { changesOf, cursorsOfGroups, NO_CURSORS, statesOf } from "../documents/published-cursors.ts";
import type { Json } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import type { PublishedCursors } from "../ledger/head.ts";
import type { App } from "../ports/ports.ts";
import { glance } from "../ports/reading.ts";
import { findDrift, notShown } from "../publish/drift.ts";
import { opsVersion } from "../schema/upgrade.ts";
import type { SourceColumn, Tried, TriedFinding } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { OPS_VERSION } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { attempt, type Check, ok } from "./doctor-checks.ts";
import { notUpgraded } from "./problems.ts";

/** What sources are compared with. */
interface PublishedFeeds extends PublishedCursors {
  /** Adapters' own rows, by feed; empty where no adapter tells of them. */
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

const NOTHING_PUBLISHED: PublishedFeeds = { ...NO_CURSORS, state: new Map() };

async function publishedFeeds(
  session: Session,
  dialect: Dialect,
  of: { pipeline: Pipeline; sources: ReadonlySet<string> },
): Promise<PublishedFeeds> {
  const { pipeline } = of;
  if ((await opsVersion(session, dialect)) < OPS_VERSION) throw new Failure("usage", notUpgraded());
  const feeds = [...pipeline.feeds.values()];
  const told = feeds.filter(({ source }) => of.sources.has(source));
  const published = await cursorsOfGroups(session, dialect, { groups: pipeline.groups.keys(), feeds });
  return { ...published, state: await statesOf(session, dialect, told) };
}

/** Where the published cursors stand; none where nothing is published, and a warning where the warehouse cannot be asked. */
async function publishedCursors(app: App, pipeline: Pipeline): Promise<{ published: PublishedFeeds; checks: Check[] }> {
  const { path, exists } = await app.look.warehouseFile(pipeline);
  if (path !== null && !exists) return { published: NOTHING_PUBLISHED, checks: [] };
  try {
    const sources = new Set((await app.look.partReaders(pipeline)).keys());
    const work = (session: Session, dialect: Dialect) => publishedFeeds(session, dialect, { pipeline, sources });
    return { published: await glance(app, pipeline, { purpose: "doctor", work }), checks: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const says = `not compared with the sources: ${error.problems[0]?.says ?? "the warehouse does not answer"}`;
    const next = error.problems[0]?.next ?? "`ledgerloop doctor` again when the warehouse is free";
    return { published: NOTHING_PUBLISHED, checks: [{ check: "published cursors", verdict: "warn", says, next }] };
  }
}

function checkFeed(feed: Feed, columns: readonly SourceColumn[] | undefined): Check {
  const check = `feed ${feed.id}`;
  if (columns === undefined || columns.length === 0) {
    const next = `create it or correct it in sources/${feed.source}.yaml, and let the source's login read it`;
    return { check, verdict: "fail", says: notShown(feed), next };
  }
  const missing = findDrift(feed, columns, null);
  if (missing.length === 0) return ok(check, `${feed.origin} has the ${feed.contract.columns.length} columns of its contract`);
  return {
    check,
    verdict: "fail",
    says: missing.map((change) => change.says).join("; "),
    next: `\`ledgerloop plan\`, then correct ${feed.contract.file}`,
  };
}

function nextOf(feed: Feed, of: TriedFinding["of"]): string | null {
  if (of === "read_whole") return "the next `ledgerloop run` reads it whole";
  if (of === "files_none") return `correct files in sources/${feed.source}.yaml, or wait for the first file`;
  return of === "files_stopped" || of === "files_held" ? `\`ledgerloop files --feed ${feed.id}\`` : null;
}

function findingChecks(feed: Feed, { findings }: Tried): Check[] {
  return (findings.get(feed.id) ?? []).map(({ of, says }) => {
    return { check: `feed ${feed.id}`, verdict: "warn", says, next: nextOf(feed, of) };
  });
}

interface SourceLook {
  readonly pipeline: Pipeline;
  readonly source: Source;
  readonly published: PublishedFeeds;
}

/** Tries what a run would do: all feeds in one snapshot; where that fails, each by itself, to name those that fail. */
async function tryFeeds(app: App, look: SourceLook, feeds: readonly Feed[]): Promise<Check[]> {
  const { pipeline, source, published } = look;
  const state = async (feed: string) => published.state.get(feed) ?? new Map();
  const of = (some: readonly Feed[]) =>
    app.look.trySource(pipeline, {
      source,
      feeds: some.map((feed) => changesOf(pipeline, published, { feed, keys: true })),
      state,
    });
  const checks: Check[] = [];
  const together = await attempt(`read ${source.id}`, async () => {
    const tried = await of(feeds);
    if (tried === null) return "nothing of it can be tried without reading";
    checks.push(...feeds.flatMap((feed) => findingChecks(feed, tried)));
    return tried.says;
  });
  if (together.verdict !== "fail") return [together, ...checks];
  for (const feed of feeds) {
    const alone = await attempt(`feed ${feed.id}`, async () => {
      await of([feed]);
      return "can be read";
    });
    if (alone.verdict === "fail") checks.push(alone);
  }
  return checks.length > 0 ? checks : [together];
}

async function checkSource(app: App, look: SourceLook): Promise<Check[]> {
  const { pipeline, source } = look;
  const found = new Map<string, SourceColumn[]>();
  const reached = await attempt(`source ${source.id}`, async () => {
    const only = { ...pipeline, sources: new Map([[source.id, source]]) };
    for (const [feed, columns] of await app.look.describeSources(only)) found.set(feed, columns);
    return "reachable, its catalog can be read";
  });
  if (reached.verdict === "fail") return [reached];
  const feeds = [...pipeline.feeds.values()].filter((feed) => feed.source === source.id);
  const shown = feeds.map((feed) => checkFeed(feed, found.get(feed.id)));
  const there = feeds.filter((feed) => (found.get(feed.id) ?? []).length > 0);
  return [reached, ...shown, ...(there.length > 0 ? await tryFeeds(app, look, there) : [])];
}

/** Whether a group loads something of a source; each does where no group is meant. */
function isOf({ feeds }: Pipeline, source: Source, group: string | null): boolean {
  return group === null || [...feeds.values()].some((feed) => feed.source === source.id && feed.group === group);
}

/**
 * Each source answers, shows the tables and columns that the contracts name, and lets a run read them from where it stands. Sources of
 * which the group loads nothing do not keep it from a run: what fails there is a warning.
 */
export async function checkSources(app: App, pipeline: Pipeline, group: string | null): Promise<Check[]> {
  const { published, checks } = await publishedCursors(app, pipeline);
  for (const source of pipeline.sources.values()) {
    const found = await checkSource(app, { pipeline, source, published });
    const isOthers = !isOf(pipeline, source, group);
    checks.push(...found.map((check) => (isOthers && check.verdict === "fail" ? { ...check, verdict: "warn" as const } : check)));
  }
  return checks;
}
