import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { Failure, messageOf } from "../kernel/problem.ts";
import { type S3Address, serviceName } from "./address.ts";
import { failureOf, type Purpose } from "./failure-of.ts";
import type { Owner } from "./owner.ts";
import { packagesMissing } from "./problems.ts";

type Sdk = typeof import("@aws-sdk/client-s3");

/** How long a service is waited for, and how often it is asked. */
export interface Patience {
  /** How often one request is sent, and one object read, before it fails. */
  readonly attempts: number;
  /** A request without an answer, or a connection on which nothing moves, is given up after this long. */
  readonly deadlineMs: number;
}

export const PATIENCE: Patience = { attempts: 4, deadlineMs: 120_000 };

/** A bucket and the way to it. Credentials are found by the driver: environment, profile, role. */
export interface BucketPlace {
  readonly owner: Owner;
  readonly address: S3Address;
  /** Absent: AWS. */
  readonly endpoint?: string;
  readonly region?: string;
  /** The bucket stands in the path, not in the host name. */
  readonly pathStyle: boolean;
  readonly patience: Patience;
}

/** An opened bucket: what every request needs. */
export interface S3Bucket {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly owner: Owner;
  readonly address: S3Address;
  /** As messages name it. */
  readonly service: string;
  /** Turns what the driver threw into a failure that says what to do; a failure stays what it is. */
  failure(error: unknown, purpose: Purpose): Failure;
}

/** Where no region is needed to find the service, requests are still signed with one. */
const ANY_REGION = "us-east-1";

/**
 * Imports optional packages.
 * @throws Failure `usage` that says what to install when they are not there.
 */
export async function loadPackages<T>(owner: Owner, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!/cannot find (package|module)/i.test(messageOf(error))) throw error;
    throw new Failure("usage", packagesMissing(owner));
  }
}

function clientConfig({ endpoint, pathStyle, patience, ...place }: BucketPlace): S3ClientConfig {
  const { attempts, deadlineMs } = patience;
  const region = place.region ?? (endpoint === undefined ? undefined : ANY_REGION);
  return {
    forcePathStyle: pathStyle,
    maxAttempts: attempts,
    // Checksums go with every request, whatever the environment says. Answers are compared with theirs where a whole object is asked
    // for; there are services that send that of the whole object with a part of it.
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: Math.min(deadlineMs, 10_000),
      requestTimeout: deadlineMs,
      throwOnRequestTimeout: true,
      socketTimeout: deadlineMs,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

/** Opens a bucket; nothing is sent yet. The driver is 14 MB that most do without, so it is loaded here. */
export async function openS3(place: BucketPlace): Promise<S3Bucket> {
  const { owner, address, endpoint } = place;
  const sdk = await loadPackages(owner, () => import("@aws-sdk/client-s3"));
  const service = serviceName(endpoint);
  const asked = { owner, bucket: address.bucket, service };
  return {
    sdk,
    client: new sdk.S3Client(clientConfig(place)),
    owner,
    address,
    service,
    failure: (error, purpose) => failureOf(error, { ...asked, ...purpose }),
  };
}
