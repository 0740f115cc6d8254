import { brokenByRows, type RowRuleResults } from "../checks/broken-by-rows.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import type { LedBack } from "./lead-back.ts";
import { batchesAsOf, releasedRows, ruleVerdicts, waitingVersions, writingPublications } from "./row-facts.ts";

/** What is recorded of a published row of a feed, and what its rules say of it. */
export interface RowStory {
  /** What it was to the publication that wrote it; null where that is not kept, since the publication inserted rows and updated others. */
  readonly class: "inserted" | "updated" | "vanished" | null;
  /** The publication that wrote it: `writingPublications`; undefined where the ledger does not have it. */
  readonly publication: TextRow | undefined;
  /** What the rules of its feed said of that whole publication. */
  readonly verdicts: readonly TextRow[];
  /** Newer versions of it that wait. */
  readonly waiting: readonly TextRow[];
  /** The instant of which its extract shows the source, ISO 8601 in UTC; null for old bytes. */
  readonly asOf: string | null;
  /** Rules over single rows that are in force, and those of them that it breaks; null for a tombstone. */
  readonly rules: {
    readonly judged: number;
    readonly broken: readonly { readonly id: string; readonly severity: string }[];
  } | null;
}

const isTombstone = ({ row }: LedBack) => (row["deleted_at"] ?? null) !== null;

function classOf(back: LedBack, publication: TextRow | undefined, released: readonly TextRow[]): RowStory["class"] {
  if (isTombstone(back)) return "vanished";
  const number = back.row["publication"];
  const entered = released.findLast((one) => one["number"] === number && one["source_key"] === back.row["source_key"])?.["class"];
  if (entered === "inserted" || entered === "updated") return entered;
  const has = (of: "inserted" | "updated") => BigInt(publication?.[of] ?? "0") > 0n;
  if (has("inserted") === has("updated")) return null;
  return has("inserted") ? "inserted" : "updated";
}

function rulesOf(back: LedBack, { rules, broken }: RowRuleResults): RowStory["rules"] {
  if (isTombstone(back)) return null;
  return { judged: rules, broken: broken.get(back.row["source_key"] ?? "") ?? [] };
}

interface Telling {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly pipeline: Pick<Pipeline, "currencies">;
}

async function ofFeed(
  { session, dialect, pipeline }: Telling,
  feed: Feed,
  backs: readonly LedBack[],
): Promise<[LedBack, RowStory][]> {
  const texts = (name: string) => [...new Set(backs.flatMap(({ row }) => row[name] ?? []))];
  const keys = texts("source_key");
  const of = { feed, keys, numbers: texts("publication") };
  const publications = await session.rows(writingPublications(dialect, of));
  const verdicts = await session.rows(ruleVerdicts(dialect, of));
  const waiting = await session.rows(waitingVersions(dialect, of));
  const released = await session.rows(releasedRows(dialect, of));
  const instants = await session.rows(batchesAsOf(dialect, texts("batch_id")));
  const results = await brokenByRows(session, dialect, { feed, keys, currencies: pipeline.currencies });
  return backs.map((back) => {
    const { publication: number, source_key: key, batch_id: batch } = back.row;
    const publication = publications.find((one) => one["number"] === number);
    return [
      back,
      {
        class: classOf(back, publication, released),
        publication,
        verdicts: verdicts.filter((one) => one["number"] === number),
        waiting: waiting.filter((one) => one["source_key"] === key),
        asOf: isoInstant(instants.find((one) => one["batch_id"] === batch)?.["as_of"]),
        rules: rulesOf(back, results),
      },
    ];
  });
}

/** Tells of rows that were led back to. */
export async function rowStories(telling: Telling, rows: readonly LedBack[]): Promise<ReadonlyMap<LedBack, RowStory>> {
  const found: [LedBack, RowStory][] = [];
  for (const backs of grouped(rows, ({ of }) => of.feed.id).values()) {
    const [first] = backs;
    if (first) found.push(...(await ofFeed(telling, first.of.feed, backs)));
  }
  return new Map(found);
}
