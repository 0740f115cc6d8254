import type { S3Address } from "../../s3/address.ts";
import { loadPackages, openS3, type S3Bucket } from "../../s3/bucket.ts";
import type { Owner } from "../../s3/owner.ts";
import { fullKey, LIMITS, type Limits, locationOf, type S3Options } from "./location.ts";

type Uploading = Pick<typeof import("@aws-sdk/lib-storage"), "Upload">;

/** An opened bucket: what every operation needs. */
export interface Bucket extends S3Bucket {
  readonly sdk: S3Bucket["sdk"] & Uploading;
  readonly options: S3Options;
  readonly limits: Limits;
  readonly location: S3Address;
  /** What requests name an object by. */
  at(key: string): { Bucket: string; Key: string };
}

/** The object store, to whoever opens its bucket. */
export const OWNER: Owner = {
  room: "objects",
  place: "under object_store in pipeline.yaml",
  key: "path",
  page: "docs/object-store.md",
  packages: ["@aws-sdk/client-s3", "@aws-sdk/lib-storage"],
};

/** Opens a bucket; nothing is sent yet. */
export async function openBucket(options: S3Options): Promise<Bucket> {
  const { path, endpoint, region, pathStyle } = options;
  const location = locationOf(path);
  const limits = { ...LIMITS, ...options.limits };
  const { Upload } = await loadPackages(OWNER, () => import("@aws-sdk/lib-storage"));
  const bucket = await openS3({
    owner: OWNER,
    address: location,
    pathStyle,
    patience: limits,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  });
  return {
    ...bucket,
    sdk: { ...bucket.sdk, Upload },
    options,
    limits,
    location,
    at: (key) => ({ Bucket: location.bucket, Key: fullKey(location, key) }),
  };
}
