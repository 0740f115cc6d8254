import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { AddressFault } from "./address-text.ts";

/** One way to speak with a server: in plain text, or by TLS. */
export type Way = false | ConnectionOptions;

type Env = Readonly<Record<string, string | undefined>>;
type Parameters = ReadonlyMap<string, string>;

function read(file: string, parameter: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new AddressFault(`the file that ${parameter} names cannot be read`);
  }
}

/** A file that is named, or else the one that libpq takes from `~/.postgresql`. */
function fileOf(parameters: Parameters, env: Env, options: { parameter: string; usual: string }): string | undefined {
  const named = parameters.get(options.parameter);
  if (named) return read(named, options.parameter);
  const usual = env["HOME"] && join(env["HOME"], ".postgresql", options.usual);
  return usual && existsSync(usual) ? read(usual, options.parameter) : undefined;
}

function clientCertificate(parameters: Parameters, env: Env): ConnectionOptions {
  const cert = fileOf(parameters, env, { parameter: "sslcert", usual: "postgresql.crt" });
  if (cert === undefined) return {};
  const key = fileOf(parameters, env, { parameter: "sslkey", usual: "postgresql.key" });
  if (key === undefined) throw new AddressFault("sslcert needs an sslkey");
  const passphrase = parameters.get("sslpassword");
  return { cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
}

type Version = NonNullable<ConnectionOptions["minVersion"]>;

function versions(parameters: Parameters): ConnectionOptions {
  const [min, max] = [parameters.get("ssl_min_protocol_version"), parameters.get("ssl_max_protocol_version")];
  return { ...(min ? { minVersion: min as Version } : {}), ...(max ? { maxVersion: max as Version } : {}) };
}

const SYSTEM = "system";

/** How the server has to prove who it is. With a root certificate at hand `require` asks as much as `verify-ca`, as in libpq. */
function proof(mode: string, parameters: Parameters, env: Env): ConnectionOptions {
  const isSystem = parameters.get("sslrootcert") === SYSTEM;
  if (isSystem && mode !== "verify-full") throw new AddressFault("sslrootcert=system needs sslmode=verify-full");
  if (mode === "allow" || mode === "prefer") return { rejectUnauthorized: false };
  const ca = isSystem ? undefined : fileOf(parameters, env, { parameter: "sslrootcert", usual: "root.crt" });
  if (mode === "verify-full") return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  if (mode === "require" && ca === undefined) return { rejectUnauthorized: false };
  if (ca === undefined) throw new AddressFault("sslmode=verify-ca needs an sslrootcert");
  return { rejectUnauthorized: true, ca, checkServerIdentity: () => undefined };
}

/**
 * The ways to try on a host by TCP, in order.
 * @throws AddressFault where a file of certificates is missing.
 */
export function waysOf(parameters: Parameters, env: Env): Way[] {
  const mode = parameters.get("sslmode") ?? "prefer";
  const isDirect = parameters.get("sslnegotiation") === "direct";
  if (isDirect && /^(disable|allow|prefer)$/.test(mode))
    throw new AddressFault("sslnegotiation=direct needs sslmode=require or more");
  if (mode === "disable") return [false];
  const tls = { ...proof(mode, parameters, env), ...clientCertificate(parameters, env), ...versions(parameters) };
  if (mode === "allow") return [false, tls];
  return mode === "prefer" ? [tls, false] : [tls];
}
