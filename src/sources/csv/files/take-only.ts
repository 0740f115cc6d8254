import { Failure } from "../../../kernel/problem.ts";
import { cancelled } from "../../problems.ts";
import type { ExtractedFile } from "../../source.ts";
import { partName } from "../csv-deriver.ts";
import { deriveFile } from "../scan/derive-file.ts";
import { keyOf, type OnlyKeys, onlyRows } from "../scan/only-rows.ts";
import { type Held, heldOf } from "./take-again.ts";
import { specOfFile, type Taking } from "./taking.ts";

/** A file of which the rows of some keys were landed. */
export interface TakenRows extends Held {
  readonly only: OnlyKeys;
  readonly rows: ExtractedFile;
}

/** What is published of files, those first that win over others that have the same key. */
function inForce(taking: Taking): Held[] {
  const held = [...taking.ledger].flatMap(([path, { in_force: content }]) => (content ? [heldOf(taking, path, content)] : []));
  return held.sort((a, b) => (a.order < b.order ? 1 : -1));
}

/** Which of some keys a file has. A record of a file that no column names has the file's path in its key. */
async function keysIn(taking: Taking, held: Held, { key, keys }: OnlyKeys): Promise<OnlyKeys["keys"]> {
  const mayBe = taking.isOrdered ? keys : keys.filter(([record]) => record?.startsWith(held.path));
  if (mayBe.length === 0) return [];
  const derived = deriveFile(taking.request.openEvidence(held.evidence), specOfFile(taking, held));
  const some = onlyRows(derived, { key, keys: mayBe });
  for await (const _ of some.bytes);
  const found = new Set(some.found());
  return mayBe.filter((texts) => found.has(keyOf(texts)));
}

/**
 * Lands the rows of some keys out of what was kept of the files in force, of each key those of the latest file that has it. Files are read
 * until every key is found, all of them where one is nowhere.
 * @throws Failure `incomplete` where a layout was not kept and is not declared any more, `retryable` where the run is cancelled.
 */
export async function takeOnly(taking: Taking, { key, keys }: OnlyKeys): Promise<TakenRows[]> {
  const { request, feed, place } = taking;
  const taken: TakenRows[] = [];
  let left = keys;
  for (const held of inForce(taking)) {
    if (left.length === 0) break;
    if (request.signal.aborted) throw new Failure("retryable", cancelled(place.source));
    const own = await keysIn(taking, held, { key, keys: left });
    if (own.length === 0) continue;
    const only = { key, keys: own };
    const some = onlyRows(deriveFile(request.openEvidence(held.evidence), specOfFile(taking, held)), only);
    const written = await request.sink(feed)(partName(taken.length), some.bytes);
    taken.push({ ...held, only, rows: { ...written, rows: some.found().length } });
    left = left.filter((texts) => !own.includes(texts));
  }
  return taken;
}
