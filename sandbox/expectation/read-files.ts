import type { Fault } from "../faults.ts";
import type { FeedId, Row } from "../feed.ts";
import { fileUnit, type UnitName } from "../units.ts";
import type { LyingFile } from "../world/sent-file.ts";
import type { FeedState, KnownFile } from "./state.ts";

/** What a run makes of the files of one feed. */
export interface FilesRead {
  /** Records of files that are taken, and of older files that have a key which a taken one lost. */
  readonly batch: readonly Row[];
  /** Source keys that files in force have. */
  readonly present: ReadonlySet<string>;
  /** Records that a later file has too. */
  readonly superseded: number;
  /** What files are found to be. */
  readonly units: readonly [UnitName, Fault][];
  /** What is known of the files afterwards. */
  readonly files: ReadonlyMap<string, KnownFile>;
}

function byOrder(a: LyingFile, b: LyingFile): number {
  return a.order < b.order ? -1 : 1;
}

interface Ledger {
  readonly files: Map<string, KnownFile>;
  readonly taken: LyingFile[];
  readonly units: [UnitName, Fault][];
}

/** Says what one file is, in the order in which files come. */
function look(feed: FeedId, { files, taken, units }: Ledger, file: LyingFile): void {
  const known = files.get(file.path);
  const inForce = known?.inForce ?? null;
  const isNew = known?.commit !== file.commit;
  const note = (what: string, fault: Fault) => isNew && units.push([fileUnit(feed, file.path, what), file.fault ?? fault]);
  const isTaken = () => {
    if (file.stops !== null) {
      note(`stopped: ${file.stops}`, "other");
      return false;
    }
    const original = [...files].find(([path, known]) => path !== file.path && known.inForce?.content === file.content);
    if (original) note(`copy of ${original[0]}`, "file_renamed");
    return original === undefined;
  };
  if (!isTaken()) {
    files.set(file.path, { commit: file.commit, inForce });
    return;
  }
  if (inForce && inForce.content !== file.content) note("redelivered", "file_redelivered");
  taken.push(file);
  files.set(file.path, { commit: file.commit, inForce: file });
}

/** The files of a feed that a run reads: those that it has not seen yet, or all. */
export function readFiles(
  { feed, files: known }: FeedState,
  { lying, all }: { readonly lying: readonly LyingFile[]; readonly all: boolean },
): FilesRead {
  const ledger: Ledger = { files: new Map(known), taken: [], units: [] };
  const isHolder = ({ path }: LyingFile) => (known.get(path)?.inForce ?? null) !== null;
  const open = lying.filter((file) => all || known.get(file.path)?.commit !== file.commit);
  for (const holders of [true, false])
    for (const file of open.filter((f) => isHolder(f) === holders).sort(byOrder)) look(feed.id, ledger, file);

  const inForce = [...ledger.files.values()].flatMap((file) => file.inForce ?? []).sort(byOrder);
  const winners = new Map(inForce.flatMap((file) => file.records.map((row) => [feed.keyOf(row), file] as const)));
  const lost = new Set(
    ledger.taken.flatMap(({ path }) => (known.get(path)?.inForce?.records ?? []).map((row) => feed.keyOf(row))),
  );
  const isWon = (file: LyingFile) => (row: Row) => winners.get(feed.keyOf(row)) === file;
  const others = inForce.filter((file) => !ledger.taken.includes(file));
  return {
    batch: [
      ...ledger.taken.flatMap((file) => file.records.filter(isWon(file))),
      ...others.flatMap((file) => file.records.filter((row) => lost.has(feed.keyOf(row))).filter(isWon(file))),
    ],
    present: new Set(winners.keys()),
    superseded: ledger.taken.flatMap((file) => file.records.filter((row) => !isWon(file)(row))).length,
    units: ledger.units,
    files: ledger.files,
  };
}
