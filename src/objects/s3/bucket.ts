import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { Failure, messageOf } from "../../kernel/problem.ts";
import { s3PackagesMissing } from "../problems.ts";
import { failureOf, type Purpose } from "./failure-of.ts";
import { fullKey, LIMITS, type Limits, type Location, locationOf, type S3Options, serviceName } from "./location.ts";

type Sdk = typeof import("@aws-sdk/client-s3") & Pick<typeof import("@aws-sdk/lib-storage"), "Upload">;

/** An opened bucket: what every operation needs. */
export interface Bucket {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly options: S3Options;
  readonly limits: Limits;
  readonly location: Location;
  /** What requests name an object by. */
  at(key: string): { Bucket: string; Key: string };
  /** Turns what the driver threw into a failure that says what to do; a failure stays what it is. */
  failure(error: unknown, purpose: Purpose): Failure;
}

/** Where no region is needed to find the service, requests are still signed with one. */
const ANY_REGION = "us-east-1";

/** The driver is 14 MB that a folder as object store does without, so it is an optional package. */
const importSdk = async (): Promise<Sdk> => {
  const [client, { Upload }] = await Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/lib-storage")]);
  return { ...client, Upload };
};

/**
 * Loads the driver.
 * @throws Failure `usage` that says what to install when it is not there.
 */
export async function loadSdk(load: () => Promise<Sdk> = importSdk): Promise<Sdk> {
  try {
    return await load();
  } catch (error) {
    if (!/cannot find (package|module)/i.test(messageOf(error))) throw error;
    throw new Failure("usage", s3PackagesMissing());
  }
}

function clientConfig(options: S3Options, { attempts, deadlineMs }: Limits): S3ClientConfig {
  const { endpoint, pathStyle } = options;
  const region = options.region ?? (endpoint === undefined ? undefined : ANY_REGION);
  return {
    forcePathStyle: pathStyle,
    maxAttempts: attempts,
    // Checksums go with every request and are compared with every answer, whatever the environment says.
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
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

/** Opens a bucket; nothing is sent yet. Credentials are found by the driver: environment, profile, role. */
export async function openBucket(options: S3Options): Promise<Bucket> {
  const location = locationOf(options.path);
  const sdk = await loadSdk();
  const limits = { ...LIMITS, ...options.limits };
  const place = { bucket: location.bucket, service: serviceName(options) };
  return {
    sdk,
    client: new sdk.S3Client(clientConfig(options, limits)),
    options,
    limits,
    location,
    at: (key) => ({ Bucket: location.bucket, Key: fullKey(location, key) }),
    failure: (error, purpose) => failureOf(error, { ...place, ...purpose }),
  };
}
