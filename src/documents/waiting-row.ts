import { groupOption, readWhole } from "../config/commands.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { jsonAmount } from "../kernel/json.ts";
import { utcText } from "../quarantine/list-open.ts";
import { isJudgedNoMore } from "../quarantine/may-enter.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { columnNames, masked, maskedPayload } from "./pii.ts";

/** A key with a personal column in it is masked as a whole, and so is one of a feed that left the configuration. */
function keyOf(pipeline: Pipeline, row: TextRow, part: "source" | "business"): string | null {
  const feed = pipeline.feeds.get(row["feed"] ?? "");
  const columns = part === "source" ? feed?.sourceKey : feed?.businessKey;
  const names = columnNames(pipeline);
  const value = row[`${part}_key`] ?? null;
  return columns?.every((name) => !names.personal.has(name.toLowerCase())) ? value : masked(value);
}

/** What brings an open row to its next judgement; null for a closed one. */
function nextFor(pipeline: Pipeline, row: TextRow, isOpen: boolean): string | null {
  if (!isOpen) return null;
  const feed = pipeline.feeds.get(row["feed"] ?? "");
  if (!feed)
    return "nothing judges it while its feed is not in the configuration; `ledgerloop plan` says what to do about the feed";
  const group = groupOption(pipeline, feed.group);
  if (row["in_pool"] === "true") return `\`ledgerloop run${group}\` judges it again: what it waits for may be there`;
  const whole = readWhole(pipeline, { group: feed.group, feeds: [feed.id] });
  if (isJudgedNoMore(feed, list(row["fingerprints"])))
    return `\`${whole}\` judges it again: its rules are not in force any more as they were`;
  if (isRekeyed(feed, list(row["reasons"])))
    return `another row: give it a source key of its own at the source; the same row under another business key: rekey: allowed in sources/${feed.source}.yaml, then \`${whole}\``;
  return `correct it at the source, and \`ledgerloop run${group}\` reads it; after a rule was mended \`${whole}\``;
}

/** Whether a row waits for its business key, which is another than that of the published row. */
function isRekeyed(feed: Feed, reasons: readonly string[]): boolean {
  return feed.contract.rules.some(
    ({ id, kind, columns }) =>
      kind === "immutable" && reasons.includes(id) && feed.businessKey.some((name) => columns.includes(name)),
  );
}

function list(text: string | null | undefined): string[] {
  return JSON.parse(text ?? "[]") as string[];
}

function eventDocument(event: TextRow) {
  return {
    event: event["event"] ?? "",
    class: event["class"] ?? null,
    publication_id: event["publication_id"] ?? "",
    happened_at: utcText(event["happened_at"]),
  };
}

/** How an open row spells its key under a rule that compares normal forms, and how those do that it contends with; null under other rules. */
function spellingsOf(pipeline: Pipeline, { rule, row }: { rule: string; row: TextRow }, spellings: readonly TextRow[]) {
  const found = spellings.filter((one) => one["row_id"] === row["row_id"] && one["rule"] === rule);
  const [first] = found;
  if (!first) return null;
  const columns = pipeline.feeds.get(row["feed"] ?? "")?.contract.rules.find(({ id }) => id === rule)?.columns;
  const names = columnNames(pipeline);
  const isOpen = columns?.every((name) => !names.personal.has(name.toLowerCase())) ?? false;
  const shown = (key: string | null | undefined) => (isOpen ? (key ?? null) : masked(key));
  return {
    own: shown(first["own"]),
    others: found.flatMap(({ state, other }) => (state ? [{ key: shown(other), is: state }] : [])),
  };
}

/** What is stored of rows beside them. */
interface Beside {
  readonly events: readonly TextRow[];
  /** Answers to `spellingQuestions`. */
  readonly spellings: readonly TextRow[];
}

/** A waiting or closed row, its personal values masked, with what happened to it since. */
export function waitingRow(pipeline: Pipeline, row: TextRow, { events, spellings }: Beside) {
  const text = (name: string) => row[name] ?? "";
  const fingerprints = list(row["fingerprints"]);
  const mine = events.filter((event) => event["row_id"] === row["row_id"]);
  return {
    row_id: text("row_id"),
    feed: text("feed"),
    kind: text("kind"),
    open: mine.length === 0,
    reasons: list(row["reasons"]).map((rule, i) => ({
      rule,
      fingerprint: fingerprints[i] ?? null,
      spelled: spellingsOf(pipeline, { rule, row }, spellings),
    })),
    source_key: keyOf(pipeline, row, "source"),
    business_key: keyOf(pipeline, row, "business"),
    version: row["version"] ?? null,
    copies: jsonAmount(BigInt(text("copies"))),
    money: { currency: text("currency"), minor: jsonAmount(BigInt(text("minor"))) },
    batch_id: text("batch_id"),
    file: text("file"),
    position: text("position"),
    publication_id: text("publication_id"),
    opened_at: utcText(row["opened_at"]),
    payload: maskedPayload({ open: row["payload"] ?? null, personal: row["payload_pii"] ?? null }, columnNames(pipeline)),
    events: mine.map(eventDocument),
    next: nextFor(pipeline, row, mine.length === 0),
  };
}

export type WaitingRow = ReturnType<typeof waitingRow>;
