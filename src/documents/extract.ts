import type { DeepFinding, DeepState } from "../upkeep/deep-check.ts";

/** A published extract as `doctor --deep` found it. */
export interface ExtractDocument {
  readonly batch_id: string;
  readonly feed: string;
  readonly publication_id: string;
  readonly published_at: string;
  readonly state: DeepState;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly { readonly code: string; readonly says: string; readonly next: string }[];
}

/** What was found of one published extract. */
export function extractDocument({ batch, state, files, bytes, problems }: DeepFinding): ExtractDocument {
  const found = problems.map(({ code, says, next }) => ({ code, says, next }));
  const { id, feed, publicationId, publishedAt } = batch;
  const published = { publication_id: publicationId, published_at: publishedAt };
  return { batch_id: id, feed, ...published, state, files, bytes, problems: found };
}
