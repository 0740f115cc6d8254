import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { DerivedFile, Deriver } from "../sources/deriver.ts";
import type { ExtractedFile } from "../sources/source.ts";
import { deriverOf, evidenceOf } from "./extract-evidence.ts";
import { rowFiles } from "./extract-files.ts";
import { firstDifference } from "./first-difference.ts";
import type { Manifest } from "./manifest.ts";
import { derivedDiffers, derivedRows, deriverFailed, notDerived, notLanded } from "./problems.ts";
import { contentOf, PACKED } from "./row-file.ts";

/** The name under which a deriver gave a row file. */
function nameOf({ key }: ExtractedFile): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  return name.endsWith(PACKED) ? name.slice(0, -PACKED.length) : name;
}

async function compare(objects: ObjectStore, derived: DerivedFile, landed: ExtractedFile): Promise<void> {
  const at = await firstDifference(derived.bytes, contentOf(objects, landed));
  if (at !== null) throw new Failure("incomplete", derivedDiffers(landed.key, at));
  const rows = derived.rows();
  if (rows !== landed.rows) throw new Failure("incomplete", derivedRows(landed.key, { derived: rows, landed: landed.rows }));
}

/**
 * Whatever a deriver throws of its own is an answer about the extract: its evidence or parameters are none that it once took. So
 * is a row that the writer of landed text refuses; what else is a Failure comes from the store.
 */
async function* failing(derived: AsyncIterable<DerivedFile>, failure: (cause: unknown) => Failure): AsyncGenerator<DerivedFile> {
  const own = async function* <T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      throw error instanceof Failure && error.kind !== "internal" ? error : failure(error);
    }
  };
  for await (const file of own(derived)) yield { name: file.name, bytes: own(file.bytes), rows: () => file.rows() };
}

/**
 * Derives an extract again from its evidence and compares what comes out with its landed row files, byte for byte and without the
 * store's packing. An extract without a deriver is left alone.
 * @throws Failure `usage` when no deriver of that name and version is given, `incomplete` that names the first file and offset
 *   that differ, a file too many or too few, or evidence that is gone or changed.
 */
export async function deriveAgain(objects: ObjectStore, derivers: readonly Deriver[], manifest: Manifest): Promise<void> {
  const { extract } = manifest;
  const deriver = deriverOf(derivers, manifest);
  if (!extract.deriver || !deriver) return;
  const { name, version, parameters } = extract.deriver;
  const landed = new Map(rowFiles(extract).map((file) => [nameOf(file), file]));
  const failure = (cause: unknown) => new Failure("incomplete", deriverFailed(extract.feed, { name, version }), { cause });
  for await (const derived of failing(deriver.derive(evidenceOf(objects, manifest), parameters), failure)) {
    const file = landed.get(derived.name);
    if (!file) throw new Failure("incomplete", notLanded(extract.feed, derived.name));
    landed.delete(derived.name);
    await compare(objects, derived, file);
  }
  const [missing] = landed.values();
  if (missing) throw new Failure("incomplete", notDerived(missing.key));
}
