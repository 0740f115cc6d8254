/** A part of an address's list of hosts; null where it says nothing. */
export interface HostText {
  readonly host: string | null;
  readonly port: string | null;
}

/** What an address says, decoded, before anything else completes it. */
export interface AddressText {
  readonly hosts: readonly HostText[];
  /** By the names of libpq: `user`, `password`, `dbname`, `sslmode`, … */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Why a text is no address. `says` never quotes it: any piece could be one of a password. */
export class AddressFault extends Error {}

const SCHEME = /^postgres(?:ql)?:\/\//;
/** Not even the character is named. */
const UNENCODED =
  "a character in it is not percent-encoded; in user, password and names : / ? # [ ] @ % and the space are written %3A %2F %3F %23 %5B %5D %40 %25 %20";

/**
 * A piece of a password that was not encoded must never be taken for a host, a port or a parameter, since those are shown.
 * So at most one `@` is taken, and only before the first of `/ ? #`; everything else about a password lies before it.
 */
function refuseUnencoded(body: string): void {
  const authority = /^[^/?]*/.exec(body)?.[0] ?? "";
  const isStrayAt = body.split("@").length > 2 || (body.includes("@") && !authority.includes("@"));
  if (isStrayAt || /[\s\p{Cc}#]|%(?![0-9A-Fa-f]{2})/u.test(body)) throw new AddressFault(UNENCODED);
}

function decoded(text: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new AddressFault("a %-code in it is no UTF-8");
  }
  if (plain.includes("\0")) throw new AddressFault("it has a %00");
  return plain;
}

function splitAt(text: string, mark: string): [before: string, after: string | null] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

const HOST = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]]*))(?::([^:]*))?$/;

function hostsOf(text: string): HostText[] {
  return text.split(",").map((part) => {
    const [, six, name, port] = HOST.exec(part) ?? [];
    if (six === undefined && name === undefined) throw new AddressFault(UNENCODED);
    if (port && !/^\d+$/.test(port)) throw new AddressFault(UNENCODED);
    return { host: decoded(six ?? name ?? "") || null, port: port || null };
  });
}

function userParameters(text: string | null): [string, string][] {
  if (text === null) return [];
  const [user, password] = splitAt(text, ":");
  return [
    ...(user === "" ? [] : ([["user", decoded(user)]] as [string, string][])),
    ...(password === null || password === "" ? [] : ([["password", decoded(password)]] as [string, string][])),
  ];
}

function queryParameters(text: string | null): [string, string][] {
  if (text === null || text === "") return [];
  return text.split("&").map((pair) => {
    const [name, value] = splitAt(pair, "=");
    if (value === null || name === "") throw new AddressFault("a parameter in it has no name or no =");
    return [decoded(name), decoded(value)];
  });
}

/**
 * Reads `postgres://user:password@host:port,host:port/database?name=value&…` as libpq does; later words win over earlier ones.
 * @throws AddressFault in words that hold nothing of the text.
 */
export function parseAddress(text: string): AddressText {
  if (!SCHEME.test(text)) throw new AddressFault("it does not begin with postgres://");
  const body = text.replace(SCHEME, "");
  refuseUnencoded(body);
  const [place, query] = splitAt(body, "?");
  const [authority, path] = splitAt(place, "/");
  const [before, after] = splitAt(authority, "@");
  const database: [string, string][] = path === null || path === "" ? [] : [["dbname", decoded(path)]];
  return {
    hosts: hostsOf(after ?? before),
    parameters: new Map([...userParameters(after === null ? null : before), ...database, ...queryParameters(query)]),
  };
}
