import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { type Deriver, type EvidenceToRead, toRead } from "../sources/deriver.ts";
import { readStored } from "./evidence.ts";
import type { Manifest } from "./manifest.ts";
import { deriverUnknown } from "./problems.ts";

/**
 * The deriver that made the rows of an extract from its evidence; null where they were received as they are.
 * @throws Failure `usage` where none of that name and version is given.
 */
export function deriverOf(derivers: readonly Deriver[], { extract, codeVersion }: Manifest): Deriver | null {
  const { deriver } = extract;
  if (!deriver) return null;
  const found = derivers.find(({ name, version }) => name === deriver.name && version === deriver.version);
  if (!found) throw new Failure("usage", deriverUnknown(deriver, codeVersion));
  return found;
}

/** The evidence of an extract, as derivers read it. */
export function evidenceOf(objects: ObjectStore, { extract }: Manifest): EvidenceToRead[] {
  return toRead(extract.evidence ?? [], (piece) => readStored(objects, piece));
}
