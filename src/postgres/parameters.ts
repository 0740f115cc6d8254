import { AddressFault } from "./address-text.ts";

/** The parameters that are followed, and the variables of libpq that complete them where the address does not name them. */
const FOLLOWED: Readonly<Record<string, string | null>> = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  dbname: "PGDATABASE",
  password: "PGPASSWORD",
  passfile: "PGPASSFILE",
  service: "PGSERVICE",
  servicefile: "PGSERVICEFILE",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslpassword: null,
  sslnegotiation: "PGSSLNEGOTIATION",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
  channel_binding: "PGCHANNELBINDING",
  gssencmode: "PGGSSENCMODE",
  connect_timeout: "PGCONNECT_TIMEOUT",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  load_balance_hosts: "PGLOADBALANCEHOSTS",
  options: "PGOPTIONS",
  application_name: "PGAPPNAME",
  keepalives: null,
  keepalives_idle: null,
};

/** What may stand in an address and changes nothing here: texts are UTF-8, sockets are kept alive, TLS is never compressed, no Kerberos. */
const WITHOUT_EFFECT = new Set(
  ["client_encoding", "fallback_application_name", "keepalives_interval", "keepalives_count", "tcp_user_timeout"].concat([
    "sslcompression",
    "sslsni",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "uselibpqcompat",
  ]),
);

/** What libpq knows and this program does not do; ignored, each would promise what is not kept. */
const REFUSED = new Set(
  ["hostaddr", "requiressl", "requirepeer", "require_auth", "replication", "sslcrl", "sslcrldir", "sslcertmode"].concat([
    "min_protocol_version",
    "max_protocol_version",
    "scram_client_key",
    "scram_server_key",
    "sslkeylogfile",
    "oauth_issuer",
  ]),
);

/** Values that are taken; those of libpq that are not are refused as words. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  sslmode: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
  sslnegotiation: ["postgres", "direct"],
  ssl_min_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
  ssl_max_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
  channel_binding: ["disable", "prefer"],
  gssencmode: ["disable", "prefer"],
  load_balance_hosts: ["disable"],
  target_session_attrs: ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
  keepalives: ["0", "1"],
};

const WHOLE_NUMBERS = ["connect_timeout", "keepalives_idle"];

/** `ssl=true` is an old spelling that libpq takes too. */
const SSL: Readonly<Record<string, string>> = { true: "require", "1": "require", false: "disable", "0": "disable" };

function checkName(name: string, among: ReadonlyMap<string, string>): void {
  if (Object.hasOwn(FOLLOWED, name) || WITHOUT_EFFECT.has(name)) return;
  if (REFUSED.has(name)) throw new AddressFault(`its parameter ${name} is not supported`);
  // A password with an unencoded & would leave a piece of itself as a name.
  const isShown = /^[a-z_]{1,40}$/.test(name) && !among.has("password") && !among.has("sslpassword");
  throw new AddressFault(isShown ? `its parameter ${name} is unknown` : "one of its parameters is unknown");
}

function checkValue(name: string, value: string): void {
  const taken = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (taken && !taken.includes(value)) throw new AddressFault(`${name} takes ${taken.join(", ")}`);
  if (WHOLE_NUMBERS.includes(name) && !/^-?\d{1,6}$/.test(value))
    throw new AddressFault(`${name} takes a whole number of seconds`);
}

/**
 * The parameters that are followed, checked.
 * @throws AddressFault for an unknown parameter, one that is not supported, or a value that is not; values are not quoted.
 */
export function checkedParameters(given: ReadonlyMap<string, string>): Map<string, string> {
  const checked = new Map<string, string>();
  for (const [name, value] of given) {
    if (name === "ssl") {
      const mode = Object.hasOwn(SSL, value) ? SSL[value] : undefined;
      if (mode === undefined) throw new AddressFault("ssl takes true or false; sslmode says more");
      checked.set("sslmode", mode);
      continue;
    }
    checkName(name, given);
    checkValue(name, value);
    if (Object.hasOwn(FOLLOWED, name)) checked.set(name, value);
  }
  return checked;
}

/**
 * What the environment says of parameters that nothing nearer names, checked.
 * @param around as `environmentParameters` found it.
 * @throws AddressFault that names the variable.
 */
export function environmentBeside(around: ReadonlyMap<string, string>, told: ReadonlySet<string>): Map<string, string> {
  const rest = [...around].filter(([name]) => !told.has(name));
  for (const [name, value] of rest) {
    try {
      checkValue(name, value);
    } catch (error) {
      if (!(error instanceof AddressFault)) throw error;
      throw new AddressFault(`the variable ${FOLLOWED[name]} says what it cannot take: ${error.message}`);
    }
  }
  return new Map(rest);
}

/** What the environment says of parameters, by the variables of libpq. Empty variables say nothing. */
export function environmentParameters(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, variable] of Object.entries(FOLLOWED)) {
    const value = variable === null ? undefined : env[variable];
    if (value) found.set(name, value);
  }
  return found;
}
