import pg from "pg";
import { Failure } from "../kernel/problem.ts";
import { connectionFailure, connectionFault, NO_PASSWORD } from "./connection-fault.ts";
import type { Owner } from "./owner.ts";
import { otherAttributes } from "./problems.ts";
import type { Host, ServerAddress } from "./server-address.ts";
import { sqlState } from "./sqlstates.ts";
import type { Way } from "./tls.ts";

/** How a connection is made beside what its address says. */
export interface Connecting {
  readonly owner: Owner;
  /** What the server shows as the application, unless the address names one. */
  readonly applicationName: string;
  /** For each host, unless the address says `connect_timeout`. */
  readonly patienceMs: number;
  /** Settings of the session in the words of `options`, after those of the address. */
  readonly options?: string;
}

/** A connection and the settings it was made with, by which more like it can be made. */
export interface Connected {
  readonly client: pg.Client;
  readonly config: pg.ClientConfig;
}

interface HostWay {
  readonly host: Host;
  readonly way: Way;
}

function configOf(address: ServerAddress, { host, way }: HostWay, by: Connecting): pg.ClientConfig {
  const options = [address.options, by.options].filter(Boolean).join(" ");
  return {
    host: host.host,
    port: host.port,
    user: address.user,
    database: address.database,
    // A function: the driver would look for one in the environment and in files of its own.
    password: () => {
      const found = address.passwordFor(host);
      if (found === undefined) throw Object.assign(new Error("no password"), { code: NO_PASSWORD });
      return found;
    },
    ssl: way,
    application_name: address.applicationName ?? by.applicationName,
    connectionTimeoutMillis: address.connectSeconds === null ? by.patienceMs : address.connectSeconds * 1000,
    keepAlive: address.keepAlive,
    keepAliveInitialDelayMillis: address.keepAliveSeconds * 1000,
    // The driver completes an empty text by PGOPTIONS, and so does the address.
    ...(options === "" ? {} : { options }),
    sslnegotiation: way !== false && address.directTls ? ("direct" as const) : ("postgres" as const),
  };
}

async function opened(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Errors reach the running query; without a listener an idle connection's end would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const BAD_LOGIN = "28000";
const STARTING = "57P03";

/** Whether a host's other way may succeed: no TLS there, none that works, or a server that refuses this way by its pg_hba.conf. */
function isAboutWay(error: unknown): boolean {
  const fault = connectionFault(error);
  return fault === "no_tls" || fault === "tls" || fault === "certificate" || sqlState(error) === BAD_LOGIN;
}

/** Whether the next host may be asked. A refused login is final, as in libpq. */
function isAboutHost(error: unknown): boolean {
  return connectionFault(error) === "unreachable" || sqlState(error) === STARTING;
}

async function connectHost(address: ServerAddress, host: Host, by: Connecting): Promise<Connected> {
  let first: unknown;
  for (const [i, way] of host.ways.entries()) {
    const config = configOf(address, { host, way }, by);
    try {
      return { client: await opened(config), config };
    } catch (error) {
      // What the way that is preferred says, explains more than what the makeshift says.
      first ??= error;
      if (i + 1 < host.ways.length && isAboutWay(error)) continue;
      throw isAboutWay(error) && sqlState(first) !== null ? first : error;
    }
  }
  throw first;
}

const STATE = `select current_setting('transaction_read_only') = 'on' as "readOnly", pg_is_in_recovery() as standby`;

async function has(client: pg.Client, attributes: string): Promise<boolean> {
  if (attributes === "any") return true;
  const { rows } = await client.query<{ readOnly: boolean; standby: boolean }>(STATE);
  const { readOnly = false, standby = false } = rows[0] ?? {};
  switch (attributes) {
    case "read-write":
      return !readOnly;
    case "read-only":
      return readOnly;
    case "primary":
      return !standby;
    default:
      return standby;
  }
}

/** The first host that answers and is what is wanted; null where hosts answer and none is. */
async function firstOf(address: ServerAddress, attributes: string, by: Connecting): Promise<Connected | null> {
  let last: unknown;
  let isAnswered = false;
  for (const host of address.hosts) {
    try {
      const connected = await connectHost(address, host, by);
      if (await has(connected.client, attributes)) return connected;
      isAnswered = true;
      await connected.client.end().catch(() => undefined);
    } catch (error) {
      if (!isAboutHost(error)) throw error;
      last = error;
    }
  }
  if (isAnswered) return null;
  throw last;
}

async function connectAny(address: ServerAddress, by: Connecting): Promise<Connected> {
  const { sessionAttributes: wanted } = address;
  const found = await firstOf(address, wanted, by);
  if (found) return found;
  const other = wanted === "prefer-standby" ? await firstOf(address, "any", by) : null;
  if (other) return other;
  throw new Failure("retryable", otherAttributes(by.owner, wanted));
}

/**
 * Connects to the first server of an address that takes it, by TLS or not, as its sslmode says.
 * @throws Failure for what is about the connection; an error of the server (a refused login, no free connection) as the driver's.
 */
export async function connectServer(address: ServerAddress, by: Connecting): Promise<Connected> {
  try {
    return await connectAny(address, by);
  } catch (error) {
    throw connectionFailure(error, by.owner);
  }
}
