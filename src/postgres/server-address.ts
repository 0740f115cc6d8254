import { Failure } from "../kernel/problem.ts";
import { AddressFault, type HostText, parseAddress } from "./address-text.ts";
import type { Owner } from "./owner.ts";
import { checkedParameters, environmentBeside, environmentParameters } from "./parameters.ts";
import { filedPassword, type Login, usualPasswordFile } from "./password-file.ts";
import { addressRefused } from "./problems.ts";
import { serviceParameters } from "./service-file.ts";
import { type Way, waysOf } from "./tls.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** One server that may be tried. `host` is a name, an address, or the folder of a Unix socket. */
export interface Host {
  readonly host: string;
  readonly port: number;
  readonly ways: readonly Way[];
}

/** An address, completed by its service, the environment and the password file. */
export interface ServerAddress {
  /** In the order in which they are tried. */
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly database: string;
  /** Asked for only when a server asks for it. */
  readonly passwordFor: (host: Host) => string | undefined;
  /** `any`, `read-write`, `read-only`, `primary`, `standby` or `prefer-standby`. */
  readonly sessionAttributes: string;
  /** Seconds for each host; null where the address leaves it open, 0 for no limit. */
  readonly connectSeconds: number | null;
  readonly options: string | null;
  readonly applicationName: string | null;
  readonly directTls: boolean;
  readonly keepAlive: boolean;
  readonly keepAliveSeconds: number;
}

const USUAL_PORT = 5432;

function listed(text: string | undefined): (string | null)[] {
  return text === undefined || text === "" ? [] : text.split(",").map((part) => part || null);
}

function portOf(text: string | null): number {
  const port = text === null ? USUAL_PORT : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new AddressFault("a port in it is none");
  return port;
}

/** Hosts with their ports; a list of ports fits the list of hosts, or one port serves all. */
function placesOf(hosts: readonly HostText[], parameters: ReadonlyMap<string, string>): { host: string; port: number }[] {
  const names = hosts.some((h) => h.host !== null) ? hosts.map((h) => h.host) : listed(parameters.get("host"));
  const ports = hosts.some((h) => h.port !== null) ? hosts.map((h) => h.port) : listed(parameters.get("port"));
  if (ports.length > 1 && ports.length !== names.length) throw new AddressFault("it has not as many ports as hosts");
  if (names.length === 0 || names.includes(null))
    throw new AddressFault("it names no server; a socket's folder is given by host=/…");
  return names.map((host, i) => ({
    host: host ?? "",
    port: portOf(ports.length === 1 ? (ports[0] ?? null) : (ports[i] ?? null)),
  }));
}

/** The address itself wins over its service, and that over the environment. */
function completed(own: ReadonlyMap<string, string>, env: Env): Map<string, string> {
  const around = environmentParameters(env);
  const service = own.get("service") ?? around.get("service");
  const file = own.get("servicefile") ?? around.get("servicefile");
  const served = service === undefined ? [] : checkedParameters(serviceParameters(service, file, env));
  const near = new Map([...served, ...own]);
  return new Map([...environmentBeside(around, new Set(near.keys())), ...near]);
}

function passwords(parameters: ReadonlyMap<string, string>, env: Env, login: Pick<Login, "user" | "database">) {
  const given = parameters.get("password");
  const file = parameters.get("passfile") ?? usualPasswordFile(env);
  return ({ host, port }: Host) => given ?? (file === undefined ? undefined : filedPassword(file, { ...login, host, port }));
}

function addressOf(text: string, env: Env): ServerAddress {
  const { hosts, parameters: given } = parseAddress(text);
  const own = checkedParameters(given);
  const parameters = completed(own, env);
  // Named in the query, hosts and ports take the place of those before it.
  const places = placesOf(
    hosts.map(({ host, port }) => ({ host: own.has("host") ? null : host, port: own.has("port") ? null : port })),
    parameters,
  );
  const user = parameters.get("user") ?? env["USER"];
  if (!user) throw new AddressFault("it names no user");
  const database = parameters.get("dbname") ?? user;
  const ways = waysOf(parameters, env);
  const seconds = parameters.get("connect_timeout");
  return {
    hosts: places.map((place) => ({ ...place, ways: place.host.startsWith("/") ? [false] : ways })),
    user,
    database,
    passwordFor: passwords(parameters, env, { user, database }),
    sessionAttributes: parameters.get("target_session_attrs") ?? "any",
    connectSeconds: seconds === undefined ? null : Math.max(0, Number(seconds)),
    options: parameters.get("options") ?? null,
    applicationName: parameters.get("application_name") ?? null,
    directTls: parameters.get("sslnegotiation") === "direct",
    keepAlive: parameters.get("keepalives") !== "0",
    keepAliveSeconds: Math.max(0, Number(parameters.get("keepalives_idle") ?? 0)),
  };
}

/**
 * What an address means, as libpq reads it: docs/postgres-addresses.md. Opens no connection.
 * @throws Failure `usage` in words without any piece of the address.
 */
export function serverAddress(text: string, owner: Owner, env: Env): ServerAddress {
  try {
    return addressOf(text, env);
  } catch (error) {
    if (error instanceof AddressFault) throw new Failure("usage", addressRefused(owner, error.message));
    throw error;
  }
}
