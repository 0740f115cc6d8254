import type { SourceColumn } from "../../source.ts";
import type { FileFacts } from "../scan/file-facts.ts";
import type { ContentHolders } from "./content-holders.ts";
import { decisionOn, type FileEntry, type Listed } from "./file-ledger.ts";
import type { Taking } from "./taking.ts";

/** What decides about a file beside what it is. */
export interface VerdictContext {
  readonly taking: Pick<Taking, "ledger" | "lookedWith" | "all" | "redelivery" | "decisions" | "allows">;
  readonly holders: ContentHolders;
}

/** Whether a file that was read through is taken; where it is not, the ledger's line says why. */
export type Verdict = { readonly isTaken: true } | { readonly isTaken: false; readonly entry: FileEntry };

type StoppedAs = NonNullable<FileEntry["stopped"]>;

/** Stops that say nothing of how the bytes are to be read: somebody may know better than what the file says of itself. */
export const ACCEPTABLE_STOPS: readonly string[] = ["trailer", "manifest"];

/** A line of the ledger for a version that was looked at; what is in force stays so unless it says otherwise. */
export function entryOf(
  { taking }: Pick<VerdictContext, "taking">,
  listed: Listed,
  more: Pick<FileEntry, "state" | "sha256"> & Partial<FileEntry>,
): FileEntry {
  const { ledger, lookedWith, decisions } = taking;
  return {
    version: listed.version,
    of: null,
    stopped: null,
    decided: decisionOn(decisions, listed)?.id ?? null,
    looked_with: lookedWith,
    in_force: ledger.get(listed.path)?.in_force ?? null,
    gone: false,
    ...more,
  };
}

/** Why columns that no layout names stop a file; null where they may stay in the evidence. */
function tooMany(allows: (added: readonly SourceColumn[]) => boolean, { added }: FileFacts): StoppedAs | null {
  const columns = added.map((name) => ({ name, type: "text", nullable: true }));
  if (added.length === 0 || allows(columns)) return null;
  return { reason: "added_column", says: `its header has columns that the layout does not name: ${added.join(", ")}` };
}

function stopOf({ allows }: VerdictContext["taking"], facts: FileFacts, isAccepted: boolean): StoppedAs | null {
  const { stopped } = facts;
  if (stopped && !(isAccepted && ACCEPTABLE_STOPS.includes(stopped.reason))) return stopped;
  return tooMany(allows, facts);
}

/** What a file that was read through is: the content in force again, another's, stopped, for somebody to decide, or rows to take. */
export function judgeFile(context: VerdictContext, listed: Listed, facts: FileFacts): Verdict {
  const { taking, holders } = context;
  const { sha256, records } = facts;
  const before = taking.ledger.get(listed.path)?.in_force ?? null;
  const isAccepted = decisionOn(taking.decisions, listed)?.does === "accept";
  const leave = (more: Pick<FileEntry, "state"> & Partial<FileEntry>): Verdict => ({
    isTaken: false,
    entry: entryOf(context, listed, { sha256, ...more }),
  });
  const stopped = stopOf(taking, facts, isAccepted);
  if (stopped) return leave({ state: "stopped", stopped: { reason: stopped.reason, says: stopped.says } });
  if (before?.sha256 === sha256 && !taking.all) return leave({ state: "in_force" });
  if (isAccepted) return { isTaken: true };
  if (before && before.sha256 !== sha256 && taking.redelivery === "hold") return leave({ state: "held" });
  const holder = records > 0 ? holders.other(sha256, listed.path) : undefined;
  return holder === undefined ? { isTaken: true } : leave({ state: "duplicate", of: holder, in_force: null });
}
