import { type Problem, problem } from "../kernel/problem.ts";

export function badKey(key: string): Problem {
  return problem({
    code: "objects.key",
    says: `${JSON.stringify(key)} is not an object key: relative segments of ASCII letters, digits and -_.= that do not start with a dot.`,
    next: "ledgerloop doctor",
  });
}

export function otherBytes(key: string): Problem {
  return problem({
    code: "objects.exists",
    says: `The object ${key} exists already with other bytes; objects are never overwritten.`,
    next: "ledgerloop doctor",
  });
}

/** Where an S3 request went, and for what. */
interface S3Request {
  readonly bucket: string;
  readonly service: string;
  readonly doing: string;
}

export function objectLocked(key: string, until: string): Problem {
  return problem({
    code: "objects.locked",
    says: `The object ${key} is under object lock ${until}; it is not removed before.`,
    next: "leave it: `ledgerloop clean` removes it once the lock has ended",
  });
}

export function checksumDiffers(key: string): Problem {
  return problem({
    code: "objects.checksum",
    says: `The bytes of ${key} do not have the checksum that came with them.`,
    next: "repeat the same command; if it happens again, look at the network and the disks of the object store",
  });
}

export function objectChanged(key: string): Problem {
  return problem({
    code: "objects.changed",
    says: `The object ${key} does not hold the bytes any more that were written there (SHA-256 differs).`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

export function objectMissing(key: string): Problem {
  return problem({
    code: "objects.missing",
    says: `The object ${key} is gone.`,
    next: "ledgerloop run extracts afresh; ledgerloop doctor checks the object store",
  });
}

export function objectTooLarge(key: string, bytes: number): Problem {
  return problem({
    code: "objects.too_large",
    says: `The object ${key} has more than the ${bytes} bytes that fit into 10,000 parts.`,
    next: "raise `parallel` in sources/*.yaml, so that the feed lands in more files",
  });
}

export function notEncrypted(key: string, asked: string): Problem {
  return problem({
    code: "objects.not_encrypted",
    says: `The service took ${key} without the encryption that was asked for (${asked}).`,
    next: "remove the object, then correct `encryption` of object_store in pipeline.yaml to what the service knows",
  });
}

export function notAnS3Path(path: string): Problem {
  return problem({
    code: "objects.s3_path",
    says: `${JSON.stringify(path)} is no place in S3.`,
    next: "write path: s3://bucket/prefix under object_store in pipeline.yaml",
  });
}

export function s3PackagesMissing(): Problem {
  return problem({
    code: "objects.s3_packages",
    says: "The object store of kind s3 needs packages that are not installed.",
    next: "npm install @aws-sdk/client-s3@3.1169.0 @aws-sdk/lib-storage@3.1169.0",
  });
}

export function s3Unreachable(service: string, fault: string): Problem {
  return problem({
    code: "objects.s3_unreachable",
    says: `${service} did not answer, or the connection broke (${fault}).`,
    next: "repeat the same command; if it happens again, check `endpoint` and `region` of object_store and the network: ledgerloop doctor",
  });
}

export function s3Busy(service: string, fault: string): Problem {
  return problem({
    code: "objects.s3_busy",
    says: `${service} could not do what it was asked (${fault}), also when asked again.`,
    next: "repeat the same command later",
  });
}

export function s3NoBucket({ bucket, service }: S3Request): Problem {
  return problem({
    code: "objects.s3_bucket",
    says: `There is no bucket ${bucket} at ${service}.`,
    next: "correct `path` of object_store in pipeline.yaml, or make the bucket as docs/object-store.md says",
  });
}

export function s3AccessDenied({ bucket, service, doing }: S3Request): Problem {
  return problem({
    code: "objects.s3_denied",
    says: `${service} refuses to ${doing} in the bucket ${bucket}: these credentials have no right to it.`,
    next: "give their role the policy of docs/object-store.md, then ledgerloop doctor",
  });
}

export function s3BadCredentials(service: string, fault: string): Problem {
  return problem({
    code: "objects.s3_credentials",
    says: `${service} does not accept the credentials (${fault}).`,
    next: "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role, then ledgerloop doctor",
  });
}

export function s3NoCredentials(service: string): Problem {
  return problem({
    code: "objects.s3_no_credentials",
    says: `There are no credentials for ${service}.`,
    next: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role; then ledgerloop doctor",
  });
}

export function s3ClockSkewed(service: string): Problem {
  return problem({
    code: "objects.s3_clock",
    says: `${service} refuses requests because the clock of this machine is wrong.`,
    next: "set the clock (chronyc tracking, timedatectl), then repeat the same command",
  });
}

export function s3OtherRegion({ bucket }: S3Request): Problem {
  return problem({
    code: "objects.s3_region",
    says: `The bucket ${bucket} is in another region.`,
    next: "write its region as `region` under object_store in pipeline.yaml",
  });
}

export function s3RegionMissing(): Problem {
  return problem({
    code: "objects.s3_region_missing",
    says: "It is not known which region the bucket is in.",
    next: "write `region` under object_store in pipeline.yaml, or set AWS_REGION",
  });
}

export function s3NotSupported({ service, doing }: S3Request): Problem {
  return problem({
    code: "objects.s3_unsupported",
    says: `${service} does not know how to ${doing} as it was asked.`,
    next: "use a service with conditional writes and checksums: docs/object-store.md",
  });
}

export function s3Refused({ bucket, service, doing, fault }: S3Request & { fault: string }): Problem {
  return problem({
    code: "objects.s3_refused",
    says: `${service} refuses to ${doing} in the bucket ${bucket} (${fault}).`,
    next: "compare `encryption` and `retention` of object_store with the bucket's own settings: docs/object-store.md",
  });
}

export function s3Unexpected(service: string, fault: string): Problem {
  return problem({
    code: "objects.s3_unexpected",
    says: `The driver of ${service} failed unexpectedly (${fault}).`,
    next: "LEDGERLOOP_DEBUG=1 with the same command prints where",
  });
}

export function s3ListingBroke(service: string): Problem {
  return problem({
    code: "objects.s3_listing",
    says: `${service} broke off a listing in the middle.`,
    next: "repeat the same command",
  });
}

export function s3LockMissing(bucket: string): Problem {
  return problem({
    code: "objects.s3_lock",
    says: `retention is asked for, but the bucket ${bucket} was made without object lock.`,
    next: "remove `retention` of object_store, or use a bucket with object lock: docs/object-store.md",
  });
}
