import type { Failure } from "../kernel/problem.ts";
import { shellWord } from "../kernel/shell-word.ts";
import { PART_EVENTS } from "../ledger/part-decisions.ts";
import type { PartResult } from "../upkeep/decide-part.ts";
import { type KnownPart, pendingDecision } from "./known-parts.ts";

/** Where nobody has to decide anything unless they want to, after those where somebody has. */
const FIRST = ["stopped", "held"];

/** Whether a part needs somebody's attention. */
export function needsSomebody({ state, gone }: { state: string; gone: boolean }): boolean {
  return FIRST.includes(state) && !gone;
}

/** What was decided, in one word: `accepted`. */
export function decidedWord(does: keyof typeof PART_EVENTS): string {
  return PART_EVENTS[does].replace(/^.*\./, "");
}

function nextOf(known: KnownPart): string | null {
  const { part } = known;
  if (pendingDecision(known)) return "`ledgerloop run` follows the decision";
  if (part.gone) return null;
  const decide = part.may.map((does) => `\`ledgerloop files ${does} ${shellWord(part.part)} --reason "…"\``);
  return [part.next, ...decide].filter((text) => text !== null).join("; or ") || null;
}

/** A file as `files` lists it. */
export function partDocument(known: KnownPart) {
  const { feed, part, line } = known;
  const pending = pendingDecision(known);
  return {
    feed: feed.id,
    path: part.part,
    state: part.state,
    gone: part.gone,
    says: part.says,
    records: part.published?.records ?? null,
    malformed: part.published?.malformed ?? null,
    sha256: part.sha256,
    publication_id: line?.publicationId ?? null,
    since: line?.at ?? null,
    pending: pending ? { does: decidedWord(pending.does), actor: pending.actor, at: pending.at } : null,
    may: [...part.may],
    next: nextOf(known),
  };
}

export type PartDocument = ReturnType<typeof partDocument>;

const NEWEST = 2n ** 63n;

function attention({ part }: KnownPart): number {
  const nth = FIRST.indexOf(part.state);
  return needsSomebody(part) ? nth : FIRST.length;
}

/** What needs somebody first, and of that the newest: what no run has looked at is newer than all that one has. */
function byAttention(a: KnownPart, b: KnownPart): number {
  const [x, y] = [b.line?.number ?? NEWEST, a.line?.number ?? NEWEST];
  return attention(a) - attention(b) || (x === y ? 0 : x < y ? -1 : 1) || (a.part.part < b.part.part ? -1 : 1);
}

/** Which files of a list are shown. */
export interface Shown {
  /** Also those of which nothing is to be told but that they are published. */
  readonly all: boolean;
  readonly state: string | null;
  /** Why of some feeds it is not known what is there. */
  readonly failure: Failure | null;
}

function isShown({ part }: KnownPart, { all, state }: Omit<Shown, "failure">): boolean {
  if (state === null) return all || part.state !== "in_force";
  return state === "gone" ? part.gone : part.state === state;
}

/** Files by state, those that need somebody first, and how many there are of each state. */
export function partsDocument(known: readonly KnownPart[], shown: Shown) {
  const states = [...new Set(known.map(({ part }) => part.state))].sort();
  return {
    files: known
      .filter((one) => isShown(one, shown))
      .sort(byAttention)
      .map(partDocument),
    states: states.map((state) => {
      const of = known.filter(({ part }) => part.state === state);
      return { state, files: of.length, gone: of.filter(({ part }) => part.gone).length };
    }),
    source_problem: shown.failure?.problems[0]?.says ?? null,
  };
}

export type PartsDocument = ReturnType<typeof partsDocument>;

/** What was recorded about a file. */
export function decidedDocument({ feed, part, does }: PartResult) {
  return { feed, path: part.part, decided: decidedWord(does), was: part.state, sha256: part.sha256 };
}
