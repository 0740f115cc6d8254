import { Failure } from "../../../kernel/problem.ts";
import { cancelled } from "../../problems.ts";
import type { ExtractedFile } from "../../source.ts";
import { partName } from "../csv-deriver.ts";
import { readOtherwise } from "../problems.ts";
import { deriveFile } from "../scan/derive-file.ts";
import { type FileFacts, malformedIn } from "../scan/file-facts.ts";
import { keyOf, type OnlyKeys, onlyRows } from "../scan/only-rows.ts";
import type { InForce } from "./file-ledger.ts";
import { ACCEPTABLE_STOPS } from "./file-verdict.ts";
import { type Held, heldOf } from "./take-again.ts";
import { specOfFile, type Taking } from "./taking.ts";

/** A file of which the rows of some keys were landed. */
export interface TakenRows extends Held {
  readonly only: OnlyKeys;
  readonly rows: ExtractedFile;
}

/** A file of which rows are published, as the ledger has it. */
interface Entry {
  readonly path: string;
  readonly content: InForce;
  readonly lookedWith: string;
}

/** The files in force, those first that win over others that have the same key. */
function inForce({ ledger }: Taking): Entry[] {
  const entries = [...ledger].flatMap(([path, { in_force: content, looked_with: lookedWith }]) =>
    content ? [{ path, content, lookedWith }] : [],
  );
  return entries.sort((a, b) => (a.content.order < b.content.order ? 1 : -1));
}

/**
 * A file as it was read when it was taken.
 * @throws Failure `incomplete` where its layout was not kept, as earlier versions did not, and may be another one by now.
 */
function readAsThen(taking: Taking, { path, content, lookedWith }: Entry): Held {
  const { feed, lookedWith: now } = taking;
  const says = `its layout ${content.layout} was not kept, and the layouts or the contract have changed since`;
  if (content.read_by === null && lookedWith !== now) throw new Failure("incomplete", readOtherwise({ feed, path, says }));
  return heldOf(taking, path, content);
}

/** Why a file is not what it was when it was taken; null where it is. */
function otherwise({ records, malformed, sha256, stopped }: FileFacts, content: InForce): string | null {
  if (stopped && !ACCEPTABLE_STOPS.includes(stopped.reason)) return stopped.says;
  if (sha256 !== content.sha256) return "its content is another one";
  const wrong = malformedIn({ malformed });
  return records === content.records && wrong === content.malformed
    ? null
    : `it has ${records} records, ${wrong} of them malformed, and had ${content.records} and ${content.malformed}`;
}

/**
 * Which of some keys a file has.
 * @throws Failure `incomplete` where it is not read as it was when it was taken: nobody can say then that it has a key no more.
 */
async function keysIn(taking: Taking, entry: Entry, { key, keys }: OnlyKeys): Promise<{ held: Held; own: OnlyKeys["keys"] }> {
  const { path, content } = entry;
  const held = readAsThen(taking, entry);
  const derived = deriveFile(taking.request.openEvidence(held.evidence), specOfFile(taking, held));
  const some = onlyRows(derived, { key, keys });
  for await (const _ of some.bytes);
  const says = otherwise(derived.facts(), content);
  if (says !== null) throw new Failure("incomplete", readOtherwise({ feed: taking.feed, path, says }));
  const found = new Set(some.found());
  return { held, own: keys.filter((texts) => found.has(keyOf(texts))) };
}

/**
 * Lands the rows of some keys out of what was kept of the files in force, of each key those of the latest file that has it. Files are read
 * until every key is found, all of them where one is nowhere.
 * @throws Failure `incomplete` where a file cannot be read as it was when it was taken, `retryable` where the run is cancelled.
 */
export async function takeOnly(taking: Taking, { key, keys }: OnlyKeys): Promise<TakenRows[]> {
  const { request, feed, place } = taking;
  const taken: TakenRows[] = [];
  let left = keys;
  for (const entry of inForce(taking)) {
    if (left.length === 0) break;
    if (request.signal.aborted) throw new Failure("retryable", cancelled(place.source));
    // A record of a file that no column names has the file's path in its key.
    const mayBe = taking.isOrdered ? left : left.filter(([record]) => record?.startsWith(entry.path));
    if (mayBe.length === 0) continue;
    const { held, own } = await keysIn(taking, entry, { key, keys: mayBe });
    if (own.length === 0) continue;
    const only = { key, keys: own };
    const some = onlyRows(deriveFile(request.openEvidence(held.evidence), specOfFile(taking, held)), only);
    const written = await request.sink(feed)(partName(taken.length), some.bytes);
    taken.push({ ...held, only, rows: { ...written, rows: some.found().length } });
    left = left.filter((texts) => !own.includes(texts));
  }
  return taken;
}
