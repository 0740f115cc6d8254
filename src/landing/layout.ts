/** What the keys of everything landed begin with. */
export const LANDING = "landing/";

/** What the keys of all evidence begin with. */
export const EVIDENCE = "evidence/";

/** Where bytes lie as they were received: their content names them. */
export function evidenceKey({ sha256 }: { readonly sha256: string }): string {
  return `${EVIDENCE}${sha256.slice(0, 2)}/${sha256}`;
}

/** Where the landed bytes of a feed lie. `feed` is `<source>.<name>`. */
export function feedFolder(feed: string): string {
  const dot = feed.indexOf(".");
  return `${LANDING}${feed.slice(0, dot)}/${feed.slice(dot + 1)}`;
}

/** The folder of one landing of a run; a second attempt has its own, since objects are never overwritten. */
export function extractFolder(feed: string, runId: string, attempt: number): string {
  return `${feedFolder(feed)}/${runId}${attempt === 1 ? "" : `.${attempt}`}`;
}

/** The key of a manifest. */
export function manifestKey(feed: string, runId: string, attempt: number): string {
  return `${extractFolder(feed, runId, attempt)}/manifest.json`;
}
