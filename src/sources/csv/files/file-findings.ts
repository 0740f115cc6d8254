import type { Finding } from "../../source.ts";
import type { FileEntry, Sorted } from "./file-ledger.ts";
import type { Looked } from "./taking.ts";

/** Names in one sentence; the others are a number. */
const NAMED = 5;

/** Some names, and how many more there are. */
function some(names: readonly string[], join = ", "): string {
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(join);
}

/** A number of files, in words. */
export const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);

/** What a run found of one feed's files. */
export interface Found {
  readonly sorted: Sorted;
  readonly looked: Looked;
  /** The ledger with the run's changes. */
  readonly ledger: ReadonlyMap<string, FileEntry>;
  /** Below the feed's folder, and of no feed. */
  readonly unknown: readonly string[];
}

function held(ledger: Found["ledger"]): string[] {
  return [...ledger].flatMap(([path, { state, gone }]) => (state === "held" && !gone ? [path] : []));
}

function stopped(ledger: Found["ledger"]): string[] {
  return [...ledger].flatMap(([path, entry]) =>
    entry.state === "stopped" && !entry.gone ? [`${path} (${entry.stopped?.says ?? "stopped"})`] : [],
  );
}

function waiting({ sorted, looked }: Found): string[] {
  const left = (why: string) => [...looked.left].filter(([, reason]) => reason === why).map(([path]) => path);
  const [changed, unreadable, damaged] = [left("changed"), left("unreadable"), left("damaged")];
  const unsettled = sorted.unsettled.map(({ path }) => path);
  const told: readonly (readonly [readonly string[], string])[] = [
    [unsettled, "written to just now"],
    [[...sorted.incomplete.map(({ path }) => path), ...left("incomplete")], "without their manifest"],
    [changed, "changed while it was read"],
    [unreadable, "cannot be read by this user"],
    [damaged, "did not come with the bytes that their checksum is of"],
  ];
  return [
    ...told.flatMap(([paths, why]) => (paths.length === 0 ? [] : [`${why}: ${some(paths)}`])),
    ...(looked.later > 0 ? [`${files(looked.later)} beyond the budget of one run`] : []),
  ];
}

/** What a ledger says of files that wait for somebody. */
export function attentionFindings(ledger: Found["ledger"]): Finding[] {
  const [stop, wait] = [stopped(ledger), held(ledger)];
  const findings: Finding[] = [];
  if (stop.length > 0)
    findings.push({
      of: "files_stopped",
      says: `${files(stop.length)} stopped, no row of it is taken: ${some(stop, "; ")}`,
    });
  if (wait.length > 0)
    findings.push({
      of: "files_held",
      says: `${files(wait.length)} came again with other content and wait for somebody: ${some(wait)}`,
    });
  return findings;
}

/** Copies that are no more where they were, whose original has other content since this run: nobody publishes what they held. */
function lostCopies({ looked, ledger }: Found): string[] {
  const contents = new Set([...ledger.values()].map((entry) => entry.in_force?.sha256));
  return [...ledger].flatMap(([path, { state, gone, of, sha256 }]) =>
    state === "duplicate" && gone && looked.scopes.has(of ?? "") && !contents.has(sha256)
      ? [`${path}, a copy of what ${of} held`]
      : [],
  );
}

/** What reports repeat of a feed's files: each kind of them once. */
export function fileFindings(found: Found): Finding[] {
  const { sorted, looked, ledger, unknown } = found;
  const copies = [...looked.entries].flatMap(([path, { state, of }]) =>
    state === "duplicate" ? [`${path} is ${of} again`] : [],
  );
  const [left, lost] = [waiting(found), lostCopies(found)];
  const gone = [
    ...(sorted.gone.length === 0
      ? []
      : [`${files(sorted.gone.length)} no more where it was, its rows stay: ${some(sorted.gone)}`]),
    ...(lost.length === 0 ? [] : [`no rows of it are published any more: ${some(lost, "; ")}`]),
  ];
  const findings: (Finding | null)[] = [
    ...attentionFindings(ledger),
    copies.length === 0 ? null : { of: "files_repeated", says: `not taken a second time: ${some(copies, "; ")}` },
    left.length === 0 ? null : { of: "files_waiting", says: `left for the next run: ${left.join("; ")}` },
    gone.length === 0 ? null : { of: "files_gone", says: gone.join("; ") },
    unknown.length === 0
      ? null
      : { of: "files_unknown", says: `${files(unknown.length)} that no pattern of a feed fits: ${some(unknown)}` },
  ];
  return findings.filter((finding) => finding !== null);
}
