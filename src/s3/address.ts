const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]*)(?:\/(.*?))?\/?$/s;

/** A bucket and what stands before all keys that are meant. */
export interface S3Address {
  readonly bucket: string;
  /** `""` or `prefix/`. */
  readonly prefix: string;
}

/** Reads `s3://bucket/prefix`; null where it is something else. */
export function s3Address(text: string): S3Address | null {
  const [, bucket, prefix = ""] = ADDRESS.exec(text) ?? [];
  return bucket === undefined ? null : { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/** The service as messages name it: never more of an address than its host. */
export function serviceName(endpoint: string | undefined): string {
  if (endpoint === undefined) return "Amazon S3";
  return URL.canParse(endpoint) ? new URL(endpoint).host : "the endpoint";
}
