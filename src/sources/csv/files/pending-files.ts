import type { PendingPart, PendingParts, PendingRequest } from "../../pending.ts";
import { type Compared, compareFiles, listAll } from "./compare-files.ts";
import { filesOf } from "./feed-files.ts";
import type { Listed } from "./file-ledger.ts";
import type { FilePlace } from "./file-place.ts";

const there = (files: readonly Listed[]): PendingPart[] =>
  files.map(({ path, version, bytes, modifiedAt }) => {
    return { part: path, version, says: `${bytes} bytes, written at ${modifiedAt.toISOString()}` };
  });

const gone = (paths: readonly string[]): PendingPart[] => paths.map((part) => ({ part, version: null, says: null }));

function pendingOf({ ledger, sorted }: Compared): PendingParts[] {
  const isNew = ({ path }: Listed) => ledger.get(path) === undefined;
  const isChanged = (file: Listed) => !isNew(file) && ledger.get(file.path)?.version !== file.version;
  const pending: PendingParts[] = [
    { is: "new", parts: there(sorted.take.filter(isNew)) },
    { is: "changed", parts: there(sorted.take.filter(isChanged)) },
    { is: "again", parts: there(sorted.take.filter((file) => !(isNew(file) || isChanged(file)))) },
    { is: "unsettled", parts: there([...sorted.unsettled, ...sorted.incomplete]) },
    { is: "gone", parts: gone(sorted.gone) },
  ];
  return pending.filter(({ parts }) => parts.length > 0);
}

/** What a run would find in a source's folder that it has not looked at; reads no file. */
export async function pendingFiles(place: FilePlace, request: PendingRequest): Promise<Map<string, PendingParts[]>> {
  const { feeds, whole, clock } = request;
  const of = feeds.map(filesOf);
  const now = clock.now();
  const files = await listAll(
    place,
    of.map(({ pattern }) => pattern),
  );
  const found = new Map<string, PendingParts[]>();
  for (const feed of of)
    found.set(feed.feed.id, pendingOf(await compareFiles(request, feed, { place, files, now, isKnown: !whole })));
  return found;
}
