import { type Problem, problem } from "../kernel/problem.ts";
import type { Owner } from "./owner.ts";

/** The versions of the driver that are tried. */
const VERSION = "3.1169.0";

/** Where a request went, and for whom. */
export interface Asked {
  readonly owner: Owner;
  readonly bucket: string;
  /** As `serviceName` says. */
  readonly service: string;
}

/** A request, and for what it was. */
interface Doing extends Asked {
  /** As in "was refused to …". */
  readonly doing: string;
}

export function checksumDiffers({ owner }: Asked, key: string): Problem {
  return problem({
    code: `${owner.room}.checksum`,
    says: `The bytes of ${key} do not have the checksum that came with them.`,
    next: "repeat the same command; if it happens again, look at the network and the disks of the service",
  });
}

export function packagesMissing(owner: Owner): Problem {
  return problem({
    code: `${owner.room}.s3_packages`,
    says: "Buckets of S3 are read by a package that is not installed.",
    next: `npm install ${owner.packages.map((name) => `${name}@${VERSION}`).join(" ")}`,
  });
}

export function unreachable({ owner, service }: Asked, fault: string): Problem {
  return problem({
    code: `${owner.room}.s3_unreachable`,
    says: `${service} did not answer, or the connection broke (${fault}).`,
    next: `repeat the same command; if it happens again, check \`endpoint\` and \`region\` ${owner.place} and the network: ledgerloop doctor`,
  });
}

export function busy({ owner, service }: Asked, fault: string): Problem {
  return problem({
    code: `${owner.room}.s3_busy`,
    says: `${service} could not do what it was asked (${fault}), also when asked again.`,
    next: "repeat the same command later",
  });
}

export function noBucket({ owner, bucket, service }: Asked): Problem {
  return problem({
    code: `${owner.room}.s3_bucket`,
    says: `There is no bucket ${bucket} at ${service}.`,
    next: `correct \`${owner.key}\` ${owner.place}, or make the bucket as ${owner.page} says`,
  });
}

export function accessDenied({ owner, bucket, service, doing }: Doing): Problem {
  return problem({
    code: `${owner.room}.s3_denied`,
    says: `${service} refuses to ${doing} in the bucket ${bucket}: these credentials have no right to it.`,
    next: `give their role the policy of ${owner.page}, then ledgerloop doctor`,
  });
}

export function badCredentials({ owner, service }: Asked, fault: string): Problem {
  return problem({
    code: `${owner.room}.s3_credentials`,
    says: `${service} does not accept the credentials (${fault}).`,
    next: "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role, then ledgerloop doctor",
  });
}

export function noCredentials({ owner, service }: Asked): Problem {
  return problem({
    code: `${owner.room}.s3_no_credentials`,
    says: `There are no credentials for ${service}.`,
    next: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role; then ledgerloop doctor",
  });
}

export function clockSkewed({ owner, service }: Asked): Problem {
  return problem({
    code: `${owner.room}.s3_clock`,
    says: `${service} refuses requests because the clock of this machine is wrong.`,
    next: "set the clock (chronyc tracking, timedatectl), then repeat the same command",
  });
}

export function otherRegion({ owner, bucket }: Asked): Problem {
  return problem({
    code: `${owner.room}.s3_region`,
    says: `The bucket ${bucket} is in another region.`,
    next: `write its region as \`region\` ${owner.place}`,
  });
}

export function regionMissing({ owner }: Asked): Problem {
  return problem({
    code: `${owner.room}.s3_region_missing`,
    says: "It is not known which region the bucket is in.",
    next: `write \`region\` ${owner.place}, or set AWS_REGION`,
  });
}

export function notSupported({ owner, service, doing }: Doing): Problem {
  return problem({
    code: `${owner.room}.s3_unsupported`,
    says: `${service} does not know how to ${doing} as it was asked.`,
    next: `use a service that knows what ${owner.page} asks of it`,
  });
}

export function refused({ owner, bucket, service, doing }: Doing, fault: string): Problem {
  return problem({
    code: `${owner.room}.s3_refused`,
    says: `${service} refuses to ${doing} in the bucket ${bucket} (${fault}).`,
    next: `compare what is written ${owner.place} with the bucket's own settings: ${owner.page}`,
  });
}

export function unexpected({ owner, service }: Asked, fault: string): Problem {
  return problem({
    code: `${owner.room}.s3_unexpected`,
    says: `The driver of ${service} failed unexpectedly (${fault}).`,
    next: "LEDGERLOOP_DEBUG=1 with the same command prints where",
  });
}

export function noListing({ owner, service }: Pick<Asked, "owner" | "service">): Problem {
  return problem({
    code: `${owner.room}.s3_answer`,
    says: `${service} answered a listing with something that is none, such as a page of a proxy.`,
    next: `look at what stands between here and \`endpoint\` ${owner.place}, then ledgerloop doctor`,
  });
}

export function listingBroke({ owner, service }: Pick<Asked, "owner" | "service">): Problem {
  return problem({
    code: `${owner.room}.s3_listing`,
    says: `${service} broke off a listing in the middle.`,
    next: "repeat the same command",
  });
}
