import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** What the ledger knows about landed batches, of all groups. */
export interface LedgerFacts {
  /** Batch id → when it was published, ISO 8601. */
  readonly publishedAt: ReadonlyMap<string, string>;
  /** Key of a published batch's manifest → when it was published: also of one that is gone. */
  readonly publishedManifests: ReadonlyMap<string, string>;
  /** Manifests that the published cursors came from: the next run compares with them. */
  readonly cursorManifests: ReadonlySet<string>;
  /** Feed → highest extract sequence that is published. */
  readonly newestSeq: ReadonlyMap<string, number>;
  /** Batch id → open quarantine rows whose bytes it landed. */
  readonly openRows: ReadonlyMap<string, bigint>;
}

function pairs(rows: readonly TextRow[]): [string, string][] {
  return rows.map((row) => [row["name"] ?? "", row["found"] ?? ""]);
}

/** `2033-11-01 10:00:00[.123]` → ISO 8601. */
const iso = (text: string) => `${text.replace(" ", "T")}Z`;

/** Reads what of the landed bytes is published, stands under a cursor or is led back to by a waiting row. */
export async function readLedgerFacts(session: Session, dialect: Dialect): Promise<LedgerFacts> {
  const [batch, publication, horizon] = [ops(dialect, "batch"), ops(dialect, "publication"), ops(dialect, "feed_horizon")];
  const ask = async (name: string, sql: string) => pairs(await session.rows({ name: `upkeep.${name}`, sql }));
  const published = await ask(
    "published",
    `SELECT b.batch_id AS name, MAX(${asText("p.published_at")}) AS found FROM ${batch} b
JOIN ${publication} p ON p.publication_id = b.publication_id GROUP BY b.batch_id`,
  );
  const manifests = await ask(
    "manifests",
    `SELECT b.manifest AS name, MAX(${asText("p.published_at")}) AS found FROM ${batch} b
JOIN ${publication} p ON p.publication_id = b.publication_id WHERE b.manifest IS NOT NULL GROUP BY b.manifest`,
  );
  const cursors = await ask(
    "cursors",
    `SELECT b.manifest AS name, b.feed AS found FROM ${batch} b
JOIN ${horizon} h ON h.batch_id = b.batch_id AND h.publication_id = b.publication_id
JOIN (SELECT feed, MAX(number) AS number FROM ${horizon} WHERE cursor_kind IS NOT NULL GROUP BY feed) m ON m.feed = h.feed AND m.number = h.number`,
  );
  const newest = await ask("newest", `SELECT b.feed AS name, ${asText("MAX(b.seq)")} AS found FROM ${batch} b GROUP BY b.feed`);
  const open = await ask(
    "open",
    `SELECT q.batch_id AS name, ${asText("COUNT(*)")} AS found FROM ${ops(dialect, "open_quarantine")} q GROUP BY q.batch_id`,
  );
  return {
    publishedAt: new Map(published.map(([id, at]) => [id, iso(at)])),
    publishedManifests: new Map(manifests.map(([manifest, at]) => [manifest, iso(at)])),
    cursorManifests: new Set(cursors.map(([manifest]) => manifest)),
    newestSeq: new Map(newest.map(([feed, seq]) => [feed, Number(seq)])),
    openRows: new Map(open.map(([id, rows]) => [id, BigInt(rows)])),
  };
}

/** A published batch, as the ledger has it. */
export interface PublishedBatch {
  readonly id: string;
  readonly feed: string;
  readonly publicationId: string;
  /** ISO 8601 in UTC. */
  readonly publishedAt: string;
  /** Object key of its manifest. */
  readonly manifest: string;
}

/**
 * Published batches with a landing, the newest publication first; at most `limit` of them, null for all. A rename names the batch
 * of its cursor again, which is no other extract.
 */
export async function readPublished(session: Session, dialect: Dialect, limit: number | null): Promise<PublishedBatch[]> {
  const sql = `SELECT b.batch_id, b.feed, b.publication_id, ${asText("p.published_at")} AS published_at, b.manifest FROM ${ops(dialect, "batch")} b
JOIN ${ops(dialect, "publication")} p ON p.publication_id = b.publication_id WHERE b.manifest IS NOT NULL AND p.kind <> 'rename'
ORDER BY p.published_at DESC, b.publication_id DESC, b.feed${limit === null ? "" : ` LIMIT ${limit}`}`;
  const rows = await session.rows({ name: "upkeep.batches", sql });
  return rows.map((row) => ({
    id: row["batch_id"] ?? "",
    feed: row["feed"] ?? "",
    publicationId: row["publication_id"] ?? "",
    publishedAt: iso(row["published_at"] ?? ""),
    manifest: row["manifest"] ?? "",
  }));
}

/** The number of the last publication of each group, as decimal text. */
export async function readHeads(session: Session, dialect: Dialect): Promise<{ group: string; number: string }[]> {
  const sql = `SELECT p.run_group AS name, ${asText("MAX(p.number)")} AS found FROM ${ops(dialect, "publication")} p GROUP BY p.run_group ORDER BY p.run_group`;
  return pairs(await session.rows({ name: "upkeep.heads", sql })).map(([group, number]) => ({ group, number }));
}
