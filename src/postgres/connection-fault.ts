import { Failure, messageOf } from "../kernel/problem.ts";
import type { Owner } from "./owner.ts";
import {
  certificateRefused,
  methodUnknown,
  noPostgres,
  passwordMissing,
  socketClosed,
  tlsFailed,
  unreachable,
  withoutTls,
} from "./problems.ts";

/** What an error of the driver or of the operating system says of a connection. */
export type ConnectionFault = "unreachable" | "closed" | "certificate" | "no_tls" | "tls" | "no_password" | "method" | "foreign";

/** The code of the error that is thrown when a server asks for a password and there is none. */
export const NO_PASSWORD = "LL_NO_PASSWORD";

const UNREACHABLE = /^(?:ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_\w+|EPIPE|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ESOCKETTIMEDOUT)$/;
/** Errors of connecting to a path; the same codes of a file mean something else. */
const NO_SOCKET = /^(?:ENOENT|ENOTSOCK|ENOTDIR|EAGAIN)$/;
const CERTIFICATE =
  /^(?:ERR_TLS_CERT_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_\w+|ERROR_IN_CERT_\w+)$/;
const TLS = /^(?:ERR_SSL_\w+|ERR_TLS_\w+|ERR_OSSL_\w+|EPROTO)$/;

const TEXTS: readonly (readonly [RegExp, ConnectionFault])[] = [
  [/does not support SSL connections/, "no_tls"],
  [/error establishing an SSL connection/, "tls"],
  [/terminated|not queryable|timeout expired|connection timeout|socket disconnected/, "unreachable"],
  [/received invalid response|Unknown message|unexpected authentication/i, "foreign"],
  [/SASL: .*(?:mechanism|SCRAM-SHA-256)|Unknown authentication/i, "method"],
];

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function faultOfCode(code: string, isConnecting: boolean): ConnectionFault | null {
  if (code === NO_PASSWORD) return "no_password";
  if (UNREACHABLE.test(code)) return "unreachable";
  if (CERTIFICATE.test(code)) return "certificate";
  if (TLS.test(code)) return "tls";
  if (!isConnecting) return null;
  return NO_SOCKET.test(code) ? "unreachable" : /^E(?:ACCES|PERM)$/.test(code) ? "closed" : null;
}

/** What an error says of a connection; null where it says nothing of one, as an error of a file or of a statement. */
export function connectionFault(error: unknown): ConnectionFault | null {
  if (!(error instanceof Error) || "severity" in error) return null;
  const isConnecting = "syscall" in error && error.syscall === "connect";
  const code = codeOf(error);
  if (code !== "") return faultOfCode(code, isConnecting);
  return TEXTS.find(([text]) => text.test(error.message))?.[1] ?? null;
}

/** Several addresses of one name give an error without words. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return messageOf(first) || (error instanceof Error ? codeOf(error) : "") || "no reason given";
}

/** The failure that an error of connecting is; anything else is handed back as it came. */
export function connectionFailure(error: unknown, owner: Owner): unknown {
  const fault = connectionFault(error);
  if (fault === null || error instanceof Failure) return error;
  const code = error instanceof Error ? codeOf(error) || "no code" : "no code";
  const options = { cause: error };
  switch (fault) {
    case "unreachable":
      return new Failure("retryable", unreachable(owner, reasonOf(error)), options);
    case "closed":
      return new Failure("incomplete", socketClosed(owner, code), options);
    case "certificate":
      return new Failure("incomplete", certificateRefused(owner, code), options);
    case "no_tls":
      return new Failure("incomplete", withoutTls(owner), options);
    case "tls":
      return new Failure("incomplete", tlsFailed(owner, code), options);
    case "no_password":
      return new Failure("incomplete", passwordMissing(owner), options);
    case "method":
      return new Failure("incomplete", methodUnknown(owner), options);
    case "foreign":
      return new Failure("incomplete", noPostgres(owner), options);
  }
}
