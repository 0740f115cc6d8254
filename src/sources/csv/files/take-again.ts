import { Failure } from "../../../kernel/problem.ts";
import type { Evidence } from "../../source.ts";
import { partName } from "../csv-deriver.ts";
import { layoutGone } from "../problems.ts";
import { deriveFile } from "../scan/derive-file.ts";
import { keysOfFile } from "../scan/keys-of-file.ts";
import type { Layout } from "../scan/layout.ts";
import type { InForce } from "./file-ledger.ts";
import { type Looked, specOfFile, type TakenFile, type Taking } from "./taking.ts";

/** A file of which rows are published, and the content they came from. */
export interface Held {
  readonly path: string;
  readonly order: string;
  readonly layout: Layout;
  readonly evidence: Evidence;
}

/** @throws Failure `incomplete` where its layout was not kept and is not declared any more: nobody can say then which keys it has. */
export function heldOf(
  { layouts, place: { source } }: Taking,
  path: string,
  { order, layout: name, read_by: then, evidence }: InForce,
): Held {
  const layout = then ?? layouts.find((of) => of.layout.name === name)?.layout ?? null;
  if (layout === null) throw new Failure("incomplete", layoutGone({ source, path, layout: name }));
  return { path, order, layout, evidence: { name: path, ...evidence } };
}

function keysOf(taking: Taking, held: Held, key: readonly string[]): Promise<Set<string>> {
  return keysOfFile(taking.request.openEvidence(held.evidence), specOfFile(taking, held), key);
}

/** Keys that a file had and that its new content has no more, or has at an earlier place among the files. */
async function lostBy(
  taking: Taking,
  now: TakenFile | undefined,
  options: { before: Held; sha256: string; key: readonly string[] },
) {
  const { before, sha256, key } = options;
  const isAsLate = now !== undefined && now.order >= before.order;
  if (isAsLate && now.facts.sha256 === sha256) return [];
  const had = await keysOf(taking, before, key);
  const has = isAsLate ? await keysOf(taking, now, key) : new Set();
  return [...had].filter((one) => !has.has(one));
}

/** The keys that files of the run have lost. */
async function lostKeys(taking: Taking, looked: Looked, key: readonly string[]): Promise<Set<string>> {
  const lost = new Set<string>();
  const taken = new Map(looked.taken.map((file) => [file.path, file]));
  for (const path of looked.scopes) {
    const content = taking.ledger.get(path)?.in_force;
    if (!content) continue;
    const of = { before: heldOf(taking, path, content), sha256: content.sha256, key };
    for (const one of await lostBy(taking, taken.get(path), of)) lost.add(one);
  }
  return lost;
}

/** The other files that are in force, in the order of their paths. */
function others({ ledger, ...taking }: Taking, { entries, scopes }: Looked): Held[] {
  const all = new Map([...ledger, ...entries]);
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, { in_force: content }]) =>
      content && !scopes.has(path) ? [heldOf({ ledger, ...taking }, path, content)] : [],
    );
}

async function land(taking: Taking, looked: Looked, held: Held): Promise<void> {
  const { request, feed } = taking;
  const derived = deriveFile(request.openEvidence(held.evidence), specOfFile(taking, held));
  const written = await request.sink(feed)(partName(looked.taken.length), derived.bytes);
  const facts = derived.facts();
  const { path } = held;
  looked.taken.push({ ...held, facts, rows: Promise.resolve({ ...written, rows: facts.records }) });
  looked.scopes.add(path);
}

/**
 * Where a file lost a key, the file before it that has the key speaks for it again: its content is landed once more, out of evidence.
 * It was taken once by the same layout, or accepted, so what stops a file is not asked again.
 * @throws Failure `incomplete` where a layout was not kept and is not declared any more.
 */
export async function takeAgain(taking: Taking, looked: Looked, key: readonly string[]): Promise<void> {
  const lost = await lostKeys(taking, looked, key);
  if (lost.size === 0) return;
  for (const held of others(taking, looked)) {
    const keys = await keysOf(taking, held, key);
    if ([...lost].some((one) => keys.has(one))) await land(taking, looked, held);
  }
}
