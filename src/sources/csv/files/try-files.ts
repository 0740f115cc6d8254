import type { Tried, TriedFinding, TryRequest } from "../../source.ts";
import { listAll } from "./compare-files.ts";
import { type FeedFiles, filesOf, listed } from "./feed-files.ts";
import { attentionFindings, files } from "./file-findings.ts";
import { fileLedger } from "./file-ledger.ts";
import type { FilePlace } from "./file-place.ts";

const none = ({ reading }: FeedFiles): TriedFinding[] => [{ of: "files_none", says: `no file fits ${reading.files}` }];

/** A folder is listed as a run lists it; no file is opened. What the ledger says of files that wait for somebody is told. */
export async function tryFiles(place: FilePlace, { feeds, state }: TryRequest): Promise<Tried> {
  const of = feeds.map(({ feed }) => filesOf(feed));
  const all = await listAll(
    place,
    of.map(({ pattern }) => pattern),
  );
  const findings = new Map<string, readonly TriedFinding[]>();
  const counts: string[] = [];
  for (const one of of) {
    const { id } = one.feed;
    const count = listed(all, one).length;
    counts.push(`${files(count)} of ${id}`);
    findings.set(id, [...(count === 0 ? none(one) : []), ...attentionFindings(fileLedger(await state(id)))]);
  }
  return { findings, says: `its folder can be listed, and has ${counts.join(", ")}` };
}
