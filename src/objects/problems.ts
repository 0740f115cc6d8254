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

export function objectLocked(key: string, until: string): Problem {
  return problem({
    code: "objects.locked",
    says: `The object ${key} is under object lock ${until}; it is not removed before.`,
    next: "leave it: `ledgerloop clean` removes it once the lock has ended",
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

export function s3LockMissing(bucket: string): Problem {
  return problem({
    code: "objects.s3_lock",
    says: `retention is asked for, but the bucket ${bucket} was made without object lock.`,
    next: "remove `retention` of object_store, or use a bucket with object lock: docs/object-store.md",
  });
}

export function notAnS3Path(path: string): Problem {
  return problem({
    code: "objects.s3_path",
    says: `${JSON.stringify(path)} is no place in S3.`,
    next: "write path: s3://bucket/prefix under object_store in pipeline.yaml",
  });
}
