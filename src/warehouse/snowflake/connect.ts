import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "snowflake-sdk";
import type { SnowflakeSettings } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Link } from "./call.ts";
import { snowflakeDriver } from "./driver.ts";
import { failureOf } from "./errors.ts";
import { keyUnreadable, unreachable } from "./problems.ts";
import { openWire } from "./wire.ts";

/** Decrypts the key here: the driver's own error for a wrong passphrase is an exception outside every callback. */
function privateKey({ keyPath, passphrase }: { keyPath: string; passphrase?: string }): string {
  try {
    const key = createPrivateKey({ key: readFileSync(keyPath, "utf8"), ...(passphrase === undefined ? {} : { passphrase }) });
    return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch (error) {
    throw new Failure("usage", keyUnreadable({ path: keyPath }), { cause: error });
  }
}

function signIn(settings: SnowflakeSettings): ConnectionOptions {
  const { account, user: username, signIn: way } = settings;
  const who = { account, username };
  switch (way.kind) {
    case "key_pair":
      return { ...who, authenticator: "SNOWFLAKE_JWT", privateKey: privateKey(way) };
    case "oauth":
      return { ...who, authenticator: "OAUTH", token: way.token };
    case "pat":
      return { ...who, authenticator: "PROGRAMMATIC_ACCESS_TOKEN", token: way.token };
    case "password":
      return { ...who, password: way.password };
  }
}

/** The driver's options for an environment and a role. Numbers come as text, and NULL as null (by default it is the text "NULL"). */
export function connectionOptions(settings: SnowflakeSettings, role: string | undefined): ConnectionOptions {
  const { accessUrl, warehouse, database } = settings;
  return {
    ...signIn(settings),
    application: "LedgerLoop",
    database,
    schema: "WORK",
    ...(warehouse === undefined ? {} : { warehouse }),
    ...(role === undefined ? {} : { role }),
    ...(accessUrl === undefined ? {} : { accessUrl: accessUrl.replace(/\/$/, "") }),
    clientSessionKeepAlive: true,
    representNullAsStringNull: false,
    fetchAsString: ["Number", "Date", "JSON", "Buffer"],
    sfRetryMaxLoginRetries: 3,
  };
}

/**
 * Signs in.
 * @param options.seconds a sign-in that takes longer is not going to come.
 * @throws Failure `usage` when the account says no, `retryable` when it cannot be reached in that time.
 */
export async function connect(
  settings: SnowflakeSettings,
  options: { role: string | undefined; seconds: number },
): Promise<Link> {
  const sdk = await snowflakeDriver();
  const { account, user } = settings;
  const { role, seconds } = options;
  const asked = { statement: "sign-in", account, user, seconds };
  const wire = openWire();
  const connection = sdk.createConnection(connectionOptions(settings, role));
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const late = new Failure("retryable", unreachable({ account, code: `no answer to the sign-in within ${seconds} s` }));
      timer = setTimeout(() => reject(late), seconds * 1000);
      wire.run(() => connection.connect((error) => (error ? reject(failureOf(error, asked)) : resolve())));
    });
    return { connection, wire };
  } catch (error) {
    // The driver would go on signing in.
    wire.hangUp();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What makes a session behave as the SQL of this program expects, with the rights of its role alone. */
export function sessionSetup(settings: SnowflakeSettings): string[] {
  const parameters: Readonly<Record<string, string | number | boolean>> = {
    TIMEZONE: "UTC",
    TIMESTAMP_NTZ_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF6",
    DATE_OUTPUT_FORMAT: "YYYY-MM-DD",
    TIMESTAMP_TYPE_MAPPING: "TIMESTAMP_NTZ",
    ERROR_ON_NONDETERMINISTIC_MERGE: true,
    ERROR_ON_NONDETERMINISTIC_UPDATE: true,
    QUOTED_IDENTIFIERS_IGNORE_CASE: false,
    TRANSACTION_ABORT_ON_ERROR: true,
    // A limit that somebody set for the account or the user would cut results short without a word.
    ROWS_PER_RESULTSET: 0,
    // Without it a load outside a transaction would be undone when the session ends.
    AUTOCOMMIT: true,
    // What a dead client left running ends within five minutes, and its locks with it.
    ABORT_DETACHED_QUERY: true,
    STATEMENT_TIMEOUT_IN_SECONDS: settings.statementTimeoutSeconds,
    LOCK_TIMEOUT: settings.lockTimeoutSeconds,
  };
  const assignments = Object.entries(parameters).map(([name, value]) => {
    const text = typeof value === "string" ? `'${value}'` : String(value).toUpperCase();
    return `${name} = ${text}`;
  });
  return [`ALTER SESSION SET ${assignments.join(" ")}`, "USE SECONDARY ROLES NONE"];
}
