import { Failure, type FailureKind, messageOf, type Problem } from "../kernel/problem.ts";
import {
  type Asked,
  accessDenied,
  badCredentials,
  busy,
  checksumDiffers,
  clockSkewed,
  noBucket,
  noCredentials,
  notSupported,
  otherRegion,
  refused,
  regionMissing,
  unexpected,
  unreachable,
} from "./problems.ts";

/** What was being done when an error came. */
export interface Purpose {
  /** As in "was refused to …". */
  readonly doing: string;
  readonly key?: string;
}

interface Asking extends Asked, Purpose {}

/** The names that errors of the service and of the driver go by; their texts may hold keys, signatures and addresses. */
interface Fault {
  /** Safe to print. */
  readonly name: string;
  readonly status: number | undefined;
}

const CREDENTIALS = new Set([
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "ExpiredToken",
  "InvalidToken",
  "TokenRefreshRequired",
]);
const REGION = new Set(["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"]);
const CHECKSUM = new Set(["BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch"]);
const BUSY = new Set(["SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "OperationAborted", "NoSuchUpload"]);
const NETWORK = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
  ...["TimeoutError", "AbortError", "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
]);
const CONFLICT = new Set(["PreconditionFailed", "ConditionalRequestConflict", "NoSuchUpload"]);

function member(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}

function nameOf(error: unknown): string {
  const names = [member(error, "code"), member(error, "Code"), member(error, "name")];
  return names.find((name): name is string => typeof name === "string" && /^[A-Za-z][\w.]{0,60}$/.test(name)) ?? "unknown error";
}

function statusOf(error: unknown): number | undefined {
  // An answer that the driver cannot parse, such as a page of a proxy, is only found under the second name.
  const status = member(member(error, "$metadata"), "httpStatusCode") ?? member(member(error, "$response"), "statusCode");
  return typeof status === "number" ? status : undefined;
}

/** Whether there is no such object; a bucket that is not there is an error of its own. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && !["NoSuchBucket", "NoSuchUpload"].includes(nameOf(error));
}

/** Whether a conditional write was refused: somebody else's object is there or on its way, or this one is and the answer was lost. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 412 || CONFLICT.has(nameOf(error));
}

/** Whether a conditional read was refused: the object is another than it was. */
export function isReplaced(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** Whether another write to the same key was under way, so that the same request may be sent again. */
export function isPassingConflict(error: unknown): boolean {
  return nameOf(error) === "ConditionalRequestConflict";
}

/** Bytes that came in several answers do not fit the checksum of their object. */
export class OtherChecksum extends Error {}

/** Whether bytes came that do not fit their checksum; the driver has no name for that. */
export function isOtherChecksum(error: unknown): boolean {
  return error instanceof OtherChecksum || messageOf(error).startsWith("Checksum mismatch");
}

type Answer = [kind: FailureKind, problem: Problem];

/** A request that may pass when it is sent again later. */
function isPassing({ name, status }: Fault & { status: number }): boolean {
  const busy = status === 429 || status === 412 || (status >= 500 && status !== 501);
  return busy || BUSY.has(name) || CONFLICT.has(name);
}

/** A request that will be refused until somebody changes something. */
function refusal({ name, status }: Fault & { status: number }, asked: Asking): Problem {
  if (name === "NoSuchBucket") return noBucket(asked);
  if (name === "RequestTimeTooSkewed") return clockSkewed(asked);
  if (CREDENTIALS.has(name)) return badCredentials(asked, name);
  if (REGION.has(name) || status === 301) return otherRegion(asked);
  if (status === 501 || name === "NotImplemented") return notSupported(asked);
  if (status === 401 || status === 403) return accessDenied(asked);
  return refused(asked, `${name}, ${status}`);
}

/** What the service answered. */
function answered(fault: Fault & { status: number }, asked: Asking): Answer {
  if (CHECKSUM.has(fault.name)) return ["incomplete", checksumDiffers(asked, asked.key ?? asked.bucket)];
  if (isPassing(fault)) return ["retryable", busy(asked, `${fault.name}, ${fault.status}`)];
  return ["usage", refusal(fault, asked)];
}

/** What happened before there was an answer, or after the last one. */
function unanswered(error: unknown, asked: Asking): Answer {
  const text = messageOf(error);
  if (isOtherChecksum(error)) return ["incomplete", checksumDiffers(asked, asked.key ?? asked.bucket)];
  if (/^(?:Credentials|TokenProvider)\w*Error$/.test(nameOf(error))) return ["usage", noCredentials(asked)];
  if (/^region is missing/i.test(text)) return ["usage", regionMissing(asked)];
  const name = nameOf(error);
  if (NETWORK.has(name) || error instanceof BrokenBody) return ["retryable", unreachable(asked, name)];
  return ["internal", unexpected(asked, name)];
}

/** A connection that broke, or bytes whose checksum did not fit, after an answer had begun. */
export class BrokenBody extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = nameOf(cause) === "Error" ? "ECONNRESET" : nameOf(cause);
  }
}

/** The failure that an error of the driver means. An answer of the service is not kept as its cause: it holds the request with its signature. */
export function failureOf(error: unknown, asked: Asking): Failure {
  if (error instanceof Failure) return error;
  const status = statusOf(error);
  if (status === undefined) return new Failure(...unanswered(error, asked), { cause: error });
  return new Failure(...answered({ name: nameOf(error), status }, asked));
}
