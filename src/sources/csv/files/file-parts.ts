import type { Json } from "../../../kernel/json.ts";
import type { FeedPart, PartDecision } from "../../source.ts";
import { STOP_NEXT } from "../stop-next.ts";
import { type FileEntry, fileLedger, type InForce } from "./file-ledger.ts";
import { ACCEPTABLE_STOPS } from "./file-verdict.ts";

const MAY: Readonly<Record<FileEntry["state"], readonly PartDecision["does"][]>> = {
  in_force: [],
  duplicate: ["accept", "reject"],
  held: ["accept", "reject"],
  stopped: ["retry", "reject"],
  rejected: ["retry"],
};

function mayDecide({ state, stopped }: FileEntry): readonly PartDecision["does"][] {
  return stopped && ACCEPTABLE_STOPS.includes(stopped.reason) ? ["accept", ...MAY[state]] : MAY[state];
}

function saysOf({ state, of, stopped }: FileEntry): string | null {
  if (stopped) return stopped.says;
  if (state === "held") return "it came again with other content, which waits for somebody";
  return of === null ? null : `its content is that of ${of}`;
}

/** Why no layout was tried, or what of it the drift policy does not allow. */
const OTHER_NEXT: Readonly<Record<string, string>> = {
  no_layout: "declare a layout for this partner",
  added_column: "add the columns to the layout, with column: null where nobody wants them",
};

function nextOf({ stopped }: FileEntry): string | null {
  if (stopped === null) return null;
  const { [stopped.reason]: next = OTHER_NEXT[stopped.reason] } = STOP_NEXT as Readonly<Record<string, string | undefined>>;
  return next ?? null;
}

function publishedOf({ sha256, bytes, records, malformed, layout, evidence }: InForce): FeedPart["published"] {
  return { sha256, bytes, records, malformed, layout, evidence };
}

function partOf(part: string, entry: FileEntry): FeedPart {
  const { version, state, gone, decided, sha256, in_force: content } = entry;
  const published = content && publishedOf(content);
  const told = { says: saysOf(entry), may: mayDecide(entry), next: nextOf(entry) };
  return { part, version, state, gone, decided, sha256, published, ...told };
}

/** The files of a ledger, by path. */
export function fileParts(state: ReadonlyMap<string, Json>): FeedPart[] {
  return [...fileLedger(state)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, entry]) => partOf(path, entry));
}
