import type { Evidence, ExtractRequest } from "../../source.ts";
import type { Listed } from "./file-ledger.ts";
import { FileLeft, type FilePlace } from "./file-place.ts";

/** Files that are fetched at once, and how many bytes they may have together; a larger one is fetched alone. */
const [AT_ONCE, BYTES_AT_ONCE] = [16, 16 * 1024 * 1024];
/** Kept bytes up to this size are read again ahead too, and held until their file is looked at. */
export const SMALL = 1024 * 1024;

/** What files are fetched with. */
export interface Fetching {
  readonly request: Pick<ExtractRequest, "evidence" | "openEvidence" | "signal">;
  readonly feed: string;
  readonly place: FilePlace;
}

/** A file whose bytes are kept, and those of the manifests beside it. */
export interface Fetched {
  readonly evidence: Evidence;
  readonly manifests: readonly Evidence[];
  /** The kept bytes, as they were read again. */
  readonly openEvidence: ExtractRequest["openEvidence"];
}

/** Files on their way, in the order in which they are looked at. */
export interface Ahead {
  /**
   * Waits for one file; those behind it are begun, up to a place among all.
   * @throws Failure where it is not the file that cannot be read but the place, and as `openEvidence`.
   */
  take(nth: number, until: number): Promise<Fetched | FileLeft>;
  /** Waits for what was begun and is not wanted any more. */
  close(): Promise<void>;
}

async function* given(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function readAgain(openEvidence: ExtractRequest["openEvidence"], kept: readonly Evidence[]) {
  const read = new Map<string, Uint8Array[]>();
  for (const evidence of kept.filter(({ bytes }) => bytes <= SMALL)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of openEvidence(evidence)) chunks.push(chunk);
    read.set(evidence.key, chunks);
  }
  return (evidence: Evidence) => {
    const chunks = read.get(evidence.key);
    return chunks === undefined ? openEvidence(evidence) : given(chunks);
  };
}

/** Keeps the bytes of a file and of what lies beside it; a FileLeft where they are not those that were listed any more. */
async function fetchFile({ request, feed, place }: Fetching, { file, manifests: beside }: Listed): Promise<Fetched | FileLeft> {
  try {
    const evidence = await request.evidence(feed)(file.path, place.open(file));
    const manifests: Evidence[] = [];
    for (const manifest of beside.values()) manifests.push(await request.evidence(feed)(manifest.path, place.open(manifest)));
    return { evidence, manifests, openEvidence: await readAgain(request.openEvidence, [evidence, ...manifests]) };
  } catch (error) {
    if (error instanceof FileLeft) return error;
    throw error;
  }
}

const bytesOf = ({ file, manifests }: Listed) => [file, ...manifests.values()].reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Fetches files before it is their turn: a file costs several waits for a disk or a service, and little else. What is decided of them is
 * decided in their turn.
 * @param isWanted whether anything of a file is to be fetched.
 */
export function fetchAhead(fetching: Fetching, files: readonly Listed[], isWanted: (listed: Listed) => boolean): Ahead {
  const begun = new Map<number, Promise<Fetched | FileLeft>>();
  let [next, bytes] = [0, 0];
  const hasRoom = (listed: Listed) => begun.size === 0 || (begun.size < AT_ONCE && bytes + bytesOf(listed) <= BYTES_AT_ONCE);
  const begin = (until: number) => {
    for (; next < until && !fetching.request.signal.aborted; next += 1) {
      const listed = files[next];
      if (listed === undefined || !isWanted(listed)) continue;
      if (!hasRoom(listed)) return;
      const fetched = fetchFile(fetching, listed);
      // Told in its turn, if that comes.
      fetched.catch(() => undefined);
      begun.set(next, fetched);
      bytes += bytesOf(listed);
    }
  };
  return {
    take: async (nth, until) => {
      begin(until);
      const [fetched, listed] = [begun.get(nth), files[nth]];
      if (fetched === undefined || listed === undefined) throw new Error("a file was asked for that nobody wanted");
      try {
        return await fetched;
      } finally {
        begun.delete(nth);
        bytes -= bytesOf(listed);
      }
    },
    close: async () => {
      await Promise.allSettled(begun.values());
    },
  };
}
