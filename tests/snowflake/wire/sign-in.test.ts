import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { SignIn } from "../../../src/config/pipeline.ts";
import { failureOf, openSession, shape } from "./session.ts";
import { Stub } from "./stub.ts";
import { refuse, silent, status } from "./turns.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

function keyFile(name: string, passphrase?: string): string {
  const path = join(folder, name);
  const sealed = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  writeFileSync(path, pair.privateKey.export({ type: "pkcs8", format: "pem", ...sealed }));
  return path;
}

/** The claims of a token that this test's key has signed. */
function claims(token: unknown): Record<string, unknown> {
  const [head = "", body = "", signature = ""] = String(token).split(".");
  const isGenuine = verify("sha256", Buffer.from(`${head}.${body}`), pair.publicKey, Buffer.from(signature, "base64url"));
  if (!isGenuine) throw new Error("the token is not signed by the key");
  return JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
}

async function signedIn(signIn: SignIn): Promise<{ stub: Stub; body: Readonly<Record<string, unknown>> }> {
  const stub = await Stub.start();
  const session = await openSession(stub, { settings: { signIn } });
  await session.close();
  const [body = {}] = stub.logins;
  return { stub, body };
}

describe("what a sign-in sends", () => {
  test.each([
    ["a plain key", { kind: "key_pair", keyPath: keyFile("plain.p8") }],
    ["a key under a passphrase", { kind: "key_pair", keyPath: keyFile("sealed.p8", "s3cret-words"), passphrase: "s3cret-words" }],
  ] as const)("%s: a signed token that names account, user and key, and never the key", async (_, signIn) => {
    const { stub, body } = await signedIn(signIn);
    await using _stub = stub;
    expect(body).toMatchObject({ AUTHENTICATOR: "SNOWFLAKE_JWT", LOGIN_NAME: "loader", ACCOUNT_NAME: "acme" });
    const der = createPublicKey(pair.privateKey).export({ type: "spki", format: "der" });
    const print = `SHA256:${createHash("sha256").update(der).digest("base64")}`;
    expect(claims(body["TOKEN"])).toMatchObject({ iss: `ACME.LOADER.${print}`, sub: "ACME.LOADER" });
    expect(JSON.stringify(stub.arrivals.map((a) => a.body))).not.toMatch(/PRIVATE KEY|s3cret-words/);
  });

  test.each([
    ["OAuth", { kind: "oauth", token: "oauth-token" }, { AUTHENTICATOR: "OAUTH", TOKEN: "oauth-token" }],
    ["a PAT", { kind: "pat", token: "pat-token" }, { AUTHENTICATOR: "PROGRAMMATIC_ACCESS_TOKEN", TOKEN: "pat-token" }],
    ["a password", { kind: "password", password: "open-sesame" }, { PASSWORD: "open-sesame" }],
  ] as const)("%s", async (_, signIn, expected) => {
    const { stub, body } = await signedIn(signIn);
    await using _stub = stub;
    expect(body).toMatchObject({ ...expected, LOGIN_NAME: "loader", ACCOUNT_NAME: "acme" });
  });

  test("role, compute warehouse, database and the schema of work tables; the program's name; not where it runs", async () => {
    const { stub, body } = await signedIn({ kind: "pat", token: "t" });
    await using _stub = stub;
    const login = stub.arrivals.find((a) => a.kind === "login");
    expect(Object.fromEntries(login?.query ?? [])).toMatchObject({
      roleName: "RUNNER",
      warehouse: "LOADING",
      databaseName: "LEDGERLOOP",
      schemaName: "WORK",
    });
    expect(body["CLIENT_ENVIRONMENT"]).toMatchObject({ APPLICATION: "LedgerLoop", PLATFORM: ["disabled"] });
  });

  test("the first statements make the session what the SQL of this program expects", async () => {
    const { stub } = await signedIn({ kind: "pat", token: "t" });
    await using _stub = stub;
    expect(stub.statements).toEqual([
      [
        "ALTER SESSION SET TIMEZONE = 'UTC' TIMESTAMP_NTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6'",
        "DATE_OUTPUT_FORMAT = 'YYYY-MM-DD' TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ'",
        "ERROR_ON_NONDETERMINISTIC_MERGE = TRUE ERROR_ON_NONDETERMINISTIC_UPDATE = TRUE QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE",
        "TRANSACTION_ABORT_ON_ERROR = TRUE ROWS_PER_RESULTSET = 0 AUTOCOMMIT = TRUE ABORT_DETACHED_QUERY = TRUE",
        "STATEMENT_TIMEOUT_IN_SECONDS = 0 LOCK_TIMEOUT = 660",
      ].join(" "),
      "USE SECONDARY ROLES NONE",
    ]);
    expect(stub.count("delete")).toBe(1);
  });
});

describe("a key that cannot be used stops before anything is sent", () => {
  test.each([
    ["the wrong passphrase", { kind: "key_pair", keyPath: keyFile("a.p8", "right-words"), passphrase: "wrong-words" }],
    ["no passphrase", { kind: "key_pair", keyPath: keyFile("b.p8", "right-words") }],
    ["no file", { kind: "key_pair", keyPath: join(folder, "none.p8") }],
    ["no key", { kind: "key_pair", keyPath: import.meta.filename }],
  ] as const)("%s: exit 2", async (_, signIn) => {
    await using stub = await Stub.start();
    const failure = await failureOf(openSession(stub, { settings: { signIn } }));
    expect(shape(failure)).toEqual(["usage", "snowflake.key"]);
    expect(failure.message).not.toContain("words");
    expect(stub.arrivals).toEqual([]);
  });
});

describe("a sign-in that fails", () => {
  test.each([
    ["a wrong password", "390100", "Incorrect username or password was specified."],
    ["an unknown key", "390144", "JWT token is invalid. [0b7e1c]"],
    ["an old OAuth token", "390318", "OAuth access token expired. [0b7e1c]"],
    ["a role that is not granted", "390189", "Role 'RUNNER' specified in the connect string is not granted to this user."],
    ["a network policy", "390422", "Incoming request with IP/Token 203.0.113.7 is not allowed to access Snowflake."],
  ])("%s: exit 2, once, and the message holds no credential", async (_, code, says) => {
    await using stub = await Stub.start();
    stub.login = [refuse(code, says, "08001")];
    const failure = await failureOf(openSession(stub, { settings: { signIn: { kind: "pat", token: "pat-token" } } }));
    expect(shape(failure)).toEqual(["usage", "snowflake.sign_in"]);
    expect(failure.message).toContain(code);
    expect(inspect(failure, { depth: 20 })).not.toContain("pat-token");
    expect(stub.count("login")).toBe(1);
    expect(stub.statements).toEqual([]);
  });

  test("a server that answers 503: exit 40 at our deadline", async () => {
    await using stub = await Stub.start();
    stub.login = Array.from({ length: 20 }, () => status(503));
    expect(shape(await failureOf(openSession(stub, { waits: { signIn: 0.3 } })))).toEqual(["retryable", "snowflake.unreachable"]);
  });

  test("an address where nobody listens: exit 40 at our deadline", async () => {
    const stub = await Stub.start();
    await stub.stop();
    const failure = await failureOf(openSession(stub, { waits: { signIn: 0.3 } }));
    expect(shape(failure)).toEqual(["retryable", "snowflake.unreachable"]);
  });

  test("no answer: exit 40 at our deadline, and the request is broken off", async () => {
    await using stub = await Stub.start();
    stub.login = [silent()];
    expect(shape(await failureOf(openSession(stub, { waits: { signIn: 0.3 } })))).toEqual(["retryable", "snowflake.unreachable"]);
    await stub.quiet();
    expect(stub.statements).toEqual([]);
  });

  test("a page of a proxy instead of an answer: exit 40", async () => {
    await using stub = await Stub.start();
    stub.login = [status(200, "<html>Please accept our terms</html>", "text/html")];
    expect(shape(await failureOf(openSession(stub)))).toEqual(["retryable", "snowflake.unreachable"]);
  });

  test("an account that is not there (HTTP 403): exit 40, with the status", async () => {
    await using stub = await Stub.start();
    stub.login = [status(403)];
    const failure = await failureOf(openSession(stub));
    expect(shape(failure)).toEqual(["retryable", "snowflake.unreachable"]);
    expect(failure.message).toContain("HTTP 403");
  });

  test("a set-up that is refused: the session is ended again", async () => {
    await using stub = await Stub.start();
    stub.on(/^ALTER SESSION/, refuse("001003", "SQL compilation error: invalid parameter", "42000"));
    expect(shape(await failureOf(openSession(stub)))).toEqual(["internal", "warehouse.statement_failed"]);
    expect(stub.count("delete")).toBe(1);
  });
});
