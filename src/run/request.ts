import { Failure, type Problem } from "../kernel/problem.ts";
import type { Window } from "../kernel/window.ts";
import type { NamedKeys } from "../publish/touched.ts";
import type { KeyTexts } from "../sources/contents.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import { acceptWithoutReason, nonsense, restateWithoutReason } from "./problems.ts";

/** What every kind of run is told. */
interface Asked {
  readonly group: string;
  /** Why it is done by hand. */
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Published columns that no contract names any more and whose loss somebody accepts, as `curated.table.column`. */
  readonly acceptRemoved: readonly string[];
}

/** What is told to runs that read sources; a scheduled window belongs to these alone. */
interface Reading extends Asked {
  readonly window: Window | null;
  /** Feed ids; null for all feeds of the group. */
  readonly feeds: readonly string[] | null;
  /** Use the landed extract of a blocked run again. */
  readonly sameExtract: boolean;
}

/** From the published cursors to the sources' horizons; with `keys` every feed's keys too. */
interface ChangesRequest extends Reading {
  readonly kind: "changes";
  readonly keys: boolean;
}

/** Everything, whatever the cursors say. */
interface WholeRequest extends Reading {
  readonly kind: "whole";
  /** More published rows than the environment declares are read, and that is meant; needs a reason. */
  readonly allowCost: boolean;
  /** Published rows that another hand has changed are published again as the source has them; needs a reason. */
  readonly restate: boolean;
}

/** Parts of history once more, by the sources' own nets, while hourly runs go on. */
interface SliceRequest extends Asked {
  readonly kind: "slice";
  /** Feed ids; null for all feeds of the group that have nets. */
  readonly feeds: readonly string[] | null;
}

/** A landed batch once more, on today's head. */
interface ReplayRequest extends Asked {
  readonly kind: "replay";
  readonly batch: string;
}

/** All rows of curated tables once more, from what is published of the feeds. */
interface RecomputeRequest extends Asked {
  readonly kind: "recompute";
  readonly tables: readonly string[];
  /** More published rows than the environment declares are read, and that is meant; needs a reason. */
  readonly allowCost: boolean;
}

/** Keys of a feed that are read at its source, whatever cursors say. */
export interface KeysOfFeed {
  readonly feed: string;
  /** None without a NULL. */
  readonly keys: KeyTexts;
  /** Those of them of which nothing was ever landed. */
  readonly neverSeen?: KeyTexts;
  /** Of a feed whose rows stand in others: in which one each of `keys` stands, in their order. */
  readonly within?: readonly string[];
}

/** A break that a run is to put right, as it is told of in `ops.break_event`. */
export interface HealedBreak
  extends Pick<OpsRow<"break_event">, "leg" | "subject" | "compares" | "break_key" | "class" | "extent"> {
  readonly break_id: string;
}

/** Keys that differ once more, at their sources or by their models, and nothing else. */
export interface HealRequest extends Asked {
  readonly kind: "heal";
  readonly keys: readonly KeysOfFeed[];
  readonly rows: readonly NamedKeys[];
  readonly breaks: readonly HealedBreak[];
}

/** What a run is asked for: one of the kinds of runs there are. */
export type RunRequest = ChangesRequest | WholeRequest | SliceRequest | ReplayRequest | RecomputeRequest | HealRequest;

/** What shared code asks of a kind of run. */
interface RunKind {
  /** What it asks of the sources' adapters; null for a kind that asks none. */
  readonly reads: "changes" | "whole" | "slice" | "heal" | null;
}

const RUN_KINDS = {
  changes: { reads: "changes" },
  whole: { reads: "whole" },
  slice: { reads: "slice" },
  replay: { reads: null },
  recompute: { reads: null },
  heal: { reads: "heal" },
} as const satisfies Readonly<Record<RunRequest["kind"], RunKind>>;

/** A run as a command line or another program words it. */
export interface RunChoice {
  readonly group: string;
  readonly window?: Window | null;
  readonly feeds?: readonly string[] | null;
  readonly full?: boolean;
  readonly keys?: boolean;
  readonly nets?: boolean;
  readonly sameExtract?: boolean;
  readonly replay?: string | null;
  readonly recompute?: readonly string[] | null;
  readonly acceptRemoved?: readonly string[];
  readonly allowCost?: boolean;
  readonly restate?: boolean;
  readonly reason?: string | null;
  readonly ticket?: string | null;
}

/** Options that say what to read of sources. */
function readingOptions(choice: RunChoice): string[] {
  return [
    ...(choice.full ? ["--full"] : []),
    ...(choice.keys ? ["--keys"] : []),
    ...(choice.nets ? ["--nets"] : []),
    ...(choice.window ? ["--window"] : []),
    ...(choice.feeds ? ["--feeds"] : []),
    ...(choice.sameExtract ? ["--same-extract"] : []),
  ];
}

const costOption = ({ allowCost }: RunChoice) => (allowCost ? ["--allow-cost"] : []);

/** What a kind of run does, and the options that say nothing to it or them; null for the kinds that others only add to. */
function besideKind(choice: RunChoice): { says: string; to: string; beside: string[] } | null {
  if (choice.replay) {
    const tables = choice.recompute ? ["--recompute"] : [];
    const beside = [...readingOptions(choice), ...tables, ...costOption(choice)];
    return { says: "a replay judges the bytes of one landed batch", to: "it", beside };
  }
  if (choice.recompute) return { says: "computing tables again reads no source", to: "it", beside: readingOptions(choice) };
  if (!choice.nets) return null;
  const beside = readingOptions(choice).filter((option) => option !== "--nets" && option !== "--feeds");
  return { says: "nets read parts of history again", to: "them", beside: [...beside, ...costOption(choice)] };
}

function contradictions(choice: RunChoice): Problem[] {
  const found = besideKind(choice);
  if (found === null || found.beside.length === 0) return [];
  return [nonsense({ says: `${found.says}; ${found.beside.join(", ")} says nothing to ${found.to}`, drop: found.beside })];
}

function problemsOf(choice: RunChoice): Problem[] {
  const { full = false, keys = false, nets = false, allowCost = false, reason, acceptRemoved = [] } = choice;
  const isPlain = besideKind(choice) === null;
  return [
    ...contradictions(choice),
    ...(full && keys && isPlain ? [nonsense({ says: "a whole read has every key by itself", drop: ["--keys"] })] : []),
    ...(allowCost && !full && isPlain && !nets
      ? [nonsense({ says: "only a full read, or computing tables again, may cost so much", drop: ["--allow-cost"] })]
      : []),
    ...(choice.restate && !full
      ? [nonsense({ says: "only a full read holds published rows beside their source", drop: ["--restate"] })]
      : []),
    ...(choice.restate && (reason ?? null) === null ? [restateWithoutReason()] : []),
    ...(acceptRemoved.length > 0 && (reason ?? null) === null ? [acceptWithoutReason()] : []),
  ];
}

/**
 * The request that a choice of options means.
 * @throws Failure `usage` when they contradict each other, or a decision has no reason.
 */
export function runRequest(choice: RunChoice): RunRequest {
  const problems = problemsOf(choice);
  if (problems.length > 0) throw new Failure("usage", problems);
  const { group, reason = null, ticket = null, acceptRemoved = [], replay = null, recompute = null } = choice;
  const { window = null, feeds = null, sameExtract = false, allowCost = false } = choice;
  const asked = { group, reason, ticket, acceptRemoved };
  if (replay !== null) return { kind: "replay", ...asked, batch: replay };
  if (recompute !== null) return { kind: "recompute", ...asked, tables: recompute, allowCost };
  if (choice.nets) return { kind: "slice", ...asked, feeds };
  const reading = { ...asked, window, feeds, sameExtract };
  if (choice.full) return { kind: "whole", ...reading, allowCost, restate: choice.restate ?? false };
  return { kind: "changes", ...reading, keys: choice.keys ?? false };
}

/** What a run asks of the sources' adapters; null where it asks none. */
export function readsOf(request: RunRequest): RunKind["reads"] {
  return RUN_KINDS[request.kind].reads;
}

/** Whether a run's reading goes on from published cursors and moves them; what is read beside them is read anew each time. */
export function movesCursors(request: RunRequest): boolean {
  return request.kind === "changes" || request.kind === "whole";
}

/** Whether the share of bad rows is that of the run's own rows alone, however few they are. */
export function isJudgedAlone(request: RunRequest): boolean {
  return request.kind === "heal";
}

/** The window that a run is named by; null for one named by its start. */
export function windowOf(request: RunRequest): Window | null {
  return "window" in request ? request.window : null;
}

/** The feeds that are asked for by name; null for all, or for the one of a replayed batch. */
export function feedsAsked(request: RunRequest): readonly string[] | null {
  if (request.kind === "heal") return request.keys.map(({ feed }) => feed);
  return "feeds" in request ? request.feeds : null;
}

/** The curated tables that are asked to be computed again by name. */
export function tablesAsked(request: RunRequest): readonly string[] {
  return request.kind === "recompute" ? request.tables : [];
}

/** Whether somebody says that the run may read more published rows than the environment declares. */
export function mayCost(request: RunRequest): boolean {
  return "allowCost" in request && request.allowCost && request.reason !== null;
}

/** Whether somebody says that rows which another hand has changed are to be published as the source has them. */
export function mayRestate(request: RunRequest): boolean {
  return request.kind === "whole" && request.restate;
}

/** The keys of curated tables that are asked to be computed again. */
export function rowsAsked(request: RunRequest): readonly NamedKeys[] {
  return request.kind === "heal" ? request.rows : [];
}

/** Whether the complete key set of the sources is asked for beside the changes. */
export function asksForKeys(request: RunRequest): boolean {
  return request.kind === "changes" && request.keys;
}

/** What a journal keeps of a request: of keys, which may be personal, only how many. */
export function journalled(request: RunRequest): object {
  if (request.kind !== "heal") return request;
  const { keys, rows, breaks, ...rest } = request;
  const counted = [
    ...keys.map(({ feed, keys: own }) => [feed, own.length]),
    ...rows.map(({ table, keys: own }) => [table, own.length]),
  ];
  return { ...rest, keys: Object.fromEntries(counted), breaks: breaks.map(({ break_id }) => break_id) };
}

/** A kind of run for people. */
export function kindText(request: RunRequest): string {
  return asksForKeys(request) ? "changes with keys" : request.kind;
}
