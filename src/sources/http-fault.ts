import { Failure } from "../kernel/problem.ts";
import {
  answerRefused,
  apiAsksToWait,
  apiBusy,
  apiForbidden,
  apiLogin,
  apiThrottled,
  apiUnreachable,
  certificateRefused,
  requestRefused,
} from "./problems.ts";

/**
 * What went wrong with one attempt, in words that hold neither an address nor a header: texts of fetch (Node 20.20) quote
 * both, credentials included, so no error of it travels on, not even as a cause.
 */
export class HttpFault extends Error {
  readonly found: Fault;

  constructor(found: Fault) {
    super(found.kind === "answer" ? `answer ${found.status}` : `${found.kind} ${found.code}`);
    this.name = "HttpFault";
    this.found = found;
  }
}

interface Answered {
  readonly kind: "answer";
  readonly status: number;
  /** The same request may be answered when it is sent again. */
  readonly passes: boolean;
  readonly retryAfterMs?: number;
}

type Fault =
  /** The service answered with a status that the request does not take. */
  | Answered
  /** The connection was not made, broke, or fell silent. */
  | { readonly kind: "connection"; readonly code: string }
  /** fetch would not send the request. */
  | { readonly kind: "request"; readonly code: string };

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
const CERTIFICATE = /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/;

function codeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null;
  const code = "code" in error && typeof error.code === "string" && CODE.test(error.code) ? error.code : null;
  return code ?? codeOf(error.cause, depth + 1);
}

/** What an error of fetch or of a body that it gave means. */
export function connectionFault(error: unknown): HttpFault {
  if (error instanceof HttpFault) return error;
  const code = codeOf(error);
  if (code !== null) return new HttpFault({ kind: "connection", code });
  // fetch says "fetch failed" of the network and "terminated" of a body; everything else it says of its arguments.
  const isNetwork = error instanceof Error && /^(fetch failed|terminated|other side closed)$/.test(error.message);
  return new HttpFault(isNetwork ? { kind: "connection", code: "BROKEN" } : { kind: "request", code: "REFUSED_BY_FETCH" });
}

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same request may be answered after such a status, where nobody says anything else. */
export function isPassingStatus(status: number): boolean {
  return PASSING.has(status) || (status > 505 && status < 600);
}

/** Whether the same request may be answered when it is sent again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof HttpFault)) return false;
  const { found } = error;
  if (found.kind === "answer") return found.passes;
  return found.kind === "connection" && !CERTIFICATE.test(found.code);
}

/** Milliseconds that the service asked to wait. */
export function askedMs(error: unknown): number | undefined {
  return error instanceof HttpFault && error.found.kind === "answer" ? error.found.retryAfterMs : undefined;
}

/** Which request failed, by names that may be shown. */
export interface Asked {
  readonly source: string;
  /** What the request is for: `list events`. */
  readonly name: string;
}

function answered({ status, passes }: Answered, asked: Asked): Failure {
  if (status === 401) return new Failure("incomplete", apiLogin(asked));
  if (status === 403) return new Failure("incomplete", apiForbidden(asked));
  if (status === 429) return new Failure("retryable", apiThrottled(asked));
  if (passes || isPassingStatus(status)) return new Failure("retryable", apiBusy({ ...asked, status }));
  return new Failure("incomplete", answerRefused({ ...asked, status }));
}

/** The failure of a request that is not waited for, by the milliseconds that the service asks for. */
export function tooLong(milliseconds: number, asked: Asked): Failure {
  return new Failure("retryable", apiAsksToWait({ ...asked, minutes: Math.ceil(milliseconds / 60_000) }));
}

/** The failure of a request whose last attempt ended so. */
export function failureOf(fault: HttpFault, asked: Asked): Failure {
  const { found } = fault;
  if (found.kind === "answer") return answered(found, asked);
  if (found.kind === "request") return new Failure("usage", requestRefused(asked));
  if (CERTIFICATE.test(found.code)) return new Failure("incomplete", certificateRefused({ ...asked, code: found.code }));
  return new Failure("retryable", apiUnreachable({ ...asked, code: found.code }));
}
