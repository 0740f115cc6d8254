import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { RecordWay } from "../landing/find-record.ts";
import { isReplay, type Manifest } from "../landing/manifest.ts";
import { type AsOf, canonical } from "../lineage/as-of.ts";
import type { LedBack, Step } from "../lineage/lead-back.ts";
import type { RowStory } from "../lineage/row-stories.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { AnswerPlace, FilePlace, TablePlace } from "../sources/record-place.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type ColumnNames, masked } from "./pii.ts";

/** The publication that wrote a row, and what the rules of its feed said of it as a whole. */
interface Writer {
  readonly publication_id: string;
  readonly run_id: string;
  readonly kind: string;
  readonly at: string;
  /** Rows of the feed; null where the ledger counted them under another name of it. */
  readonly inserted: JsonAmount | null;
  readonly updated: JsonAmount | null;
  readonly rules_passed: number;
  readonly told: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly verdict: string;
    readonly observed: string | null;
  }[];
}

/** The read that brought a row, as its manifest has it. */
interface ExtractOfRow {
  readonly run_id: string;
  readonly window: string | null;
  readonly asked: string;
  readonly witness: string;
  readonly replay_of: string | null;
}

/** Where the record of a row stands: one of the first three. */
interface ShownWay {
  readonly file: FilePlace | null;
  readonly answer: AnswerPlace | null;
  readonly table: TablePlace | null;
  /** Row files that are what was received, one of which has the row. */
  readonly files: readonly string[];
  /** Why there is no way; null where there is one. */
  readonly says: string | null;
}

/** A row of a feed that a curated row was made of. */
export interface ReachingRow {
  readonly feed: string;
  /** Masked where a personal column is part of it. */
  readonly source_key: string | null;
  /** Null where it is not kept: its publication inserted rows of the feed and updated others. */
  readonly class: RowStory["class"];
  readonly publication: string;
  readonly deleted_at: string | null;
  /** Null where the ledger does not have the publication. */
  readonly published: Writer | null;
  /** Rules over single rows as they are in force, and those that the row breaks; null for a tombstone. */
  readonly rules: {
    readonly judged: number;
    readonly broken: readonly { readonly rule: string; readonly severity: string }[];
  } | null;
  /** Newer versions of it that wait. */
  readonly waiting: readonly {
    readonly row_id: string;
    readonly kind: string;
    readonly reasons: readonly string[];
    readonly publication_id: string;
    readonly opened_at: string;
  }[];
  /** The instant of which its extract shows the source; null for old bytes that were read again. */
  readonly as_of: string | null;
  /** Null where the manifest is gone. */
  readonly extract: ExtractOfRow | null;
  readonly batch_id: string;
  readonly position: string;
  /** The part of the feed that it belongs to: a file; null where a feed has none. */
  readonly part: string | null;
  readonly way: ShownWay;
  /** The bytes as they were received; null where the row files are what was received, or nothing of them is left. */
  readonly evidence: { readonly name: string; readonly key: string; readonly bytes: number; readonly sha256: string } | null;
  readonly manifest: string | null;
  /** Curated rows that it came through, the nearest to the key first; a personal key is masked. */
  readonly through: readonly { readonly table: string; readonly key: readonly (string | null)[] }[];
}

/** What `show row --json` prints. */
export interface ShownRow {
  /** A curated table, or a feed. */
  readonly table: string;
  readonly key: readonly string[];
  readonly publication: string;
  readonly deleted_at: string | null;
  /** As of when the table is, and the sources that it is made of; of a feed its source alone. */
  readonly as_of: AsOf;
  /** Rules of its table that it breaks. */
  readonly findings: readonly { readonly rule: string; readonly since: string; readonly publication_id: string }[];
  readonly rows: readonly ReachingRow[];
  /** Inputs of which more rows lead to the key than are shown. */
  readonly more: readonly { readonly input: string; readonly rows: JsonAmount }[];
}

/** A row that was led back to, and what is known of it. */
export interface ToldRow {
  readonly back: LedBack;
  readonly story: RowStory | undefined;
  /** Null where it is gone, after its years. */
  readonly manifest: Manifest | null;
  readonly way: RecordWay;
}

function shownStep({ table, key }: Step, personal: ReadonlySet<string>): ReachingRow["through"][number] {
  const isOpen = table.key.every((name) => !personal.has(name.toLowerCase()));
  return { table: table.table, key: key.map((value) => (isOpen ? value : masked(value))) };
}

function amountOf(row: TextRow, name: string): JsonAmount | null {
  const count = row[name] ?? null;
  return count === null ? null : jsonAmount(BigInt(count));
}

function writerOf({ publication, verdicts }: RowStory): Writer | null {
  if (!publication) return null;
  const text = (row: TextRow, name: string) => row[name] ?? "";
  const told = verdicts.filter((one) => one["verdict"] !== "pass");
  return {
    publication_id: text(publication, "publication_id"),
    run_id: text(publication, "run_id"),
    kind: text(publication, "kind"),
    at: utcText(publication["published_at"]),
    inserted: amountOf(publication, "inserted"),
    updated: amountOf(publication, "updated"),
    rules_passed: verdicts.length - told.length,
    told: told.map((one) => ({
      rule: text(one, "rule"),
      severity: text(one, "severity"),
      verdict: text(one, "verdict"),
      observed: one["observed"] ?? null,
    })),
  };
}

function waitingOf({ waiting }: RowStory): ReachingRow["waiting"] {
  return waiting.map((row) => ({
    row_id: row["row_id"] ?? "",
    kind: row["kind"] ?? "",
    reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
    publication_id: row["publication_id"] ?? "",
    opened_at: utcText(row["opened_at"]),
  }));
}

function extractOf({ runId, window, asked, replayOf, extract }: Manifest): ExtractOfRow {
  return {
    run_id: runId,
    window: window && `${window.start}/${window.end}`,
    asked,
    witness: extract.witness,
    replay_of: replayOf ?? null,
  };
}

/** Its manifest knows it also of a read that moved no horizon. */
function asOfRow({ story, manifest }: ToldRow): string | null {
  const instant = manifest?.extract.asOf ?? story?.asOf ?? null;
  return manifest && isReplay(manifest) ? null : canonical(instant);
}

function shownWay({ place, table, files, says }: RecordWay): ShownWay {
  return { file: place?.file ?? null, answer: place?.answer ?? null, table, files: files.map(({ key }) => key), says };
}

/** What is recorded of a row by others than itself. */
function recordedOf(told: ToldRow): Pick<ReachingRow, "class" | "published" | "rules" | "waiting" | "as_of" | "extract"> {
  const { story, manifest } = told;
  const rules = story?.rules ?? null;
  return {
    class: story?.class ?? null,
    published: story ? writerOf(story) : null,
    rules: rules && { judged: rules.judged, broken: rules.broken.map(({ id, severity }) => ({ rule: id, severity })) },
    waiting: story ? waitingOf(story) : [],
    as_of: asOfRow(told),
    extract: manifest && extractOf(manifest),
  };
}

/** One row of a feed, with all that leads back from it; keys that hold personal columns are masked. */
export function reachingRow({ personal }: Pick<ColumnNames, "personal">, told: ToldRow): ReachingRow {
  const { of, row, through } = told.back;
  const isOpen = of.feed.sourceKey.every((name) => !personal.has(name.toLowerCase()));
  const [key = null, deleted = null] = [row["source_key"], row["deleted_at"]];
  const { evidence } = told.way;
  return {
    feed: of.feed.id,
    source_key: isOpen ? key : masked(key),
    publication: row["publication"] ?? "",
    deleted_at: deleted === null ? null : utcText(deleted),
    ...recordedOf(told),
    batch_id: row["batch_id"] ?? "",
    position: row["position"] ?? "",
    part: row["part"] ?? null,
    way: shownWay(told.way),
    evidence: evidence && { name: evidence.name, key: evidence.key, bytes: evidence.bytes, sha256: evidence.sha256 },
    manifest: row["manifest"] ?? null,
    through: through.map((step) => shownStep(step, personal)),
  };
}
