import { feedsReaching } from "../config/model-inputs.ts";
import type { Pipeline } from "../config/pipeline.ts";
import { instantOfIso } from "../sources/landed-text.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Feed → the instant of the snapshot or listing that its published rows show, ISO 8601 in UTC; null where none is recorded. */
export type FeedInstants = ReadonlyMap<string, string | null>;

/** As of when something is, and why that is not known. */
interface Instant {
  readonly as_of: string | null;
  readonly says: string | null;
}

/** As of when sources and curated tables are published: of each the least of what it has. Every document that rests on published rows shows it so. */
export interface AsOf {
  readonly sources: readonly (Instant & {
    readonly source: string;
    readonly feeds: readonly { readonly feed: string; readonly as_of: string | null }[];
  })[];
  readonly tables: readonly (Instant & { readonly table: string })[];
}

/** What is asked about; sources are those of the feeds. */
export interface AsOfWhat {
  readonly feeds: readonly string[];
  readonly tables: readonly string[];
}

/** The newest row of each feed. */
function feedInstants(dialect: Dialect): Statement {
  const table = ops(dialect, "feed_horizon");
  return {
    name: "lineage.as-of",
    sql: `SELECT h.run_group, h.feed, ${dialect.landedText("h.as_of", { kind: "timestamp" })} AS as_of
FROM ${table} h JOIN (SELECT run_group, feed, MAX(number) AS newest FROM ${table} GROUP BY run_group, feed) n
  ON n.run_group = h.run_group AND n.feed = h.feed AND n.newest = h.number
ORDER BY h.run_group, h.feed`,
  };
}

/** Reads what `feedInstants` returned: of each feed what its present group has published. */
function parseInstants({ feeds }: Pick<Pipeline, "feeds">, rows: readonly TextRow[]): FeedInstants {
  const own = rows.filter((row) => feeds.get(row["feed"] ?? "")?.group === row["run_group"]);
  return new Map(own.map((row) => [row["feed"] ?? "", isoInstant(row["as_of"])]));
}

/** Asks a warehouse as of when the feeds of a pipeline are. */
export async function askInstants(
  pipeline: Pick<Pipeline, "feeds">,
  ask: (statement: Statement) => Promise<TextRow[]>,
  dialect: Dialect,
): Promise<FeedInstants> {
  return parseInstants(pipeline, await ask(feedInstants(dialect)));
}

/** Without the mark of UTC a text sorts as its instant does, however many digits it has. */
const sortable = (instant: string) => instant.replace(/Z$/, "");

function leastOf(instants: FeedInstants, feeds: readonly string[]): Instant {
  const unknown = feeds.filter((feed) => (instants.get(feed) ?? null) === null);
  if (unknown.length > 0) return { as_of: null, says: `not known of ${unknown.join(", ")}` };
  const known = feeds.flatMap((feed) => instants.get(feed) ?? []).sort((a, b) => (sortable(a) < sortable(b) ? -1 : 1));
  return { as_of: known[0] ?? null, says: null };
}

/** One text for one instant, whoever wrote it. */
export const canonical = (instant: string | null): string | null =>
  instant === null ? null : (instantOfIso(instant) ?? instant);

/** As of when something is published. */
export function asOf(pipeline: Pick<Pipeline, "feeds" | "models">, known: FeedInstants, { feeds, tables }: AsOfWhat): AsOf {
  const instants = new Map([...known].map(([feed, instant]) => [feed, canonical(instant)]));
  const wanted = [...new Set(feeds)].flatMap((id) => pipeline.feeds.get(id) ?? []);
  const sources = [...new Set(wanted.map(({ source }) => source))];
  const models = tables.flatMap((table) => pipeline.models.get(table) ?? []);
  return {
    sources: sources.map((source) => {
      const own = wanted.filter((feed) => feed.source === source).map(({ id }) => id);
      const each = own.map((feed) => ({ feed, as_of: instants.get(feed) ?? null }));
      return { source, ...leastOf(instants, own), feeds: each };
    }),
    tables: models.map((model) => ({ table: model.table, ...leastOf(instants, feedsReaching(pipeline, model)) })),
  };
}

/** The same, and of all that the tables are made of. */
export function asOfInputs(pipeline: Pick<Pipeline, "feeds" | "models">, known: FeedInstants, { feeds, tables }: AsOfWhat): AsOf {
  const models = tables.flatMap((table) => pipeline.models.get(table) ?? []);
  return asOf(pipeline, known, { feeds: [...feeds, ...models.flatMap((model) => feedsReaching(pipeline, model))], tables });
}
