import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { RefusedRecord } from "../quarantine/part-rows.ts";
import { type KnownPart, pendingDecision } from "./known-parts.ts";
import { contentSince, type PartStory } from "./part-story.ts";
import { reasonWords } from "./reason-words.ts";

/** A record that is not published, as its sender is told. */
interface ReportedRecord {
  /** From 1; null where it stands in the file since an earlier version of it, whose places are others. */
  readonly record: number | null;
  /** In bytes, of the unpacked file. */
  readonly offset: number | null;
  readonly length: number | null;
  readonly copies: JsonAmount;
  readonly reasons: readonly string[];
}

/** Why nothing of the version that was sent last is published; null where it is in force. */
function wholeOf(known: KnownPart): string | null {
  const { part } = known;
  const pending = pendingDecision(known);
  switch (part.state) {
    case "in_force":
      return null;
    case "stopped":
      return `nothing of the file is taken: ${part.says ?? "it cannot be read"}`;
    case "rejected":
      return "the file was rejected: nothing of it is taken";
    default:
      return `nothing of the file is taken${pending ? " yet" : ""}: ${part.says ?? part.state}`;
  }
}

function reported(refused: RefusedRecord, { known, since }: { known: KnownPart; since: bigint }): ReportedRecord {
  const { feed, reader, part } = known;
  const place = refused.number < since ? null : reader.words.place(refused.position);
  return {
    record: place?.record ?? null,
    offset: place?.offset ?? null,
    length: place?.length ?? null,
    copies: jsonAmount(refused.copies),
    reasons: reasonWords(refused, { feed, words: reader.words, layout: part.published?.layout ?? null }),
  };
}

const LAST = Number.MAX_SAFE_INTEGER;

/** What the sender of a file is told: why nothing of it was taken, or each of its records that is not published. */
export function reportDocument(known: KnownPart, story: PartStory) {
  const { feed, part } = known;
  const says = wholeOf(known);
  const of = { known, since: contentSince(story) };
  const records = says === null ? story.refused.map((one) => reported(one, of)) : [];
  const waiting = story.lines.filter(({ kind }) => kind !== "live" && kind !== "tombstoned");
  const all = waiting.reduce((sum, { rows }) => sum + rows, 0n);
  const told = story.refused.reduce((sum, { copies }) => sum + copies, 0n);
  return {
    feed: feed.id,
    path: part.part,
    state: part.state,
    sha256: part.sha256,
    says,
    records: records.sort((a, b) => (a.record ?? LAST) - (b.record ?? LAST)),
    not_shown: jsonAmount(says === null ? all - told : 0n),
  };
}

export type ReportDocument = ReturnType<typeof reportDocument>;
