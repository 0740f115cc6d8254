import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { type ServerAddress, serverAddress } from "../../src/postgres/server-address.ts";

const OWNER = { room: "source", name: "source billing", place: "connection.url in sources/billing.yaml" } as const;
const folder = mkdtempSync(join(tmpdir(), "ledgerloop-address-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (url: string, env: Record<string, string> = {}) => serverAddress(url, OWNER, env);

function refused(url: string, env: Record<string, string> = {}): string {
  try {
    read(url, env);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error).toMatchObject({ kind: "usage", exitCode: 2, problems: [{ code: "source.url" }] });
    return error.message;
  }
  throw new Error("it was taken");
}

const places = ({ hosts }: ServerAddress) => hosts.map(({ host, port }) => `${host} ${port}`);
const password = (address: ServerAddress) => address.hosts.map((host) => address.passwordFor(host));

test("user, password, hosts, port and database, percent-encoded or not", () => {
  const plain = read("postgres://u%40x:p%3A%2F%23%25@h/d%20b");
  expect(plain).toMatchObject({ user: "u@x", database: "d b" });
  expect(password(plain)).toEqual(["p:/#%"]);
  expect(places(plain)).toEqual(["h 5432"]);
  expect(places(read("postgresql://u@[::1]:6000/d"))).toEqual(["::1 6000"]);
  expect(places(read("postgres://u@a:1,b,c:3/d"))).toEqual(["a 1", "b 5432", "c 3"]);
  expect(places(read("postgres://u@/d?host=a,b&port=7"))).toEqual(["a 7", "b 7"]);
  expect(places(read("postgres://u@:5433/d?host=/run/pg"))).toEqual(["/run/pg 5433"]);
  expect(places(read("postgres://u@%2Frun%2Fpg/d"))).toEqual(["/run/pg 5432"]);
  expect(read("postgres://u@h")).toMatchObject({ database: "u" });
  expect(password(read("postgres://u:a:b@h"))).toEqual(["a:b"]);
});

test.each([
  ["postgres://u@/d", /names no server/],
  ["postgres://h/d", /names no user/],
  ["postgres://u@h:0/d", /port/],
  ["postgres://u@h:99999/d", /port/],
  ["postgres://u@a,b/d?port=1,2,3", /as many ports/],
  ["postgres://u@h/d?sslmode=no-verify", /sslmode takes disable, allow, prefer, require, verify-ca, verify-full/],
  ["postgres://u@h/d?channel_binding=require", /channel_binding takes disable, prefer/],
  ["postgres://u@h/d?gssencmode=require", /gssencmode takes/],
  ["postgres://u@h/d?load_balance_hosts=random", /load_balance_hosts takes disable/],
  ["postgres://u@h/d?target_session_attrs=master", /target_session_attrs takes any/],
  ["postgres://u@h/d?connect_timeout=soon", /connect_timeout takes a whole number/],
  ["postgres://u@h/d?hostaddr=10.0.0.1", /hostaddr is not supported/],
  ["postgres://u@h/d?sslmod=require", /parameter sslmod is unknown/],
  ["postgres://u@h/d?password=a&bc=d", /one of its parameters is unknown/],
  ["postgres://u@h/d?sslmode", /no name or no =/],
  ["postgres://u@h/d?sslmode=verify-ca", /verify-ca needs an sslrootcert/],
  ["postgres://u@h/d?sslmode=verify-full&sslrootcert=/no/such/file", /the file that sslrootcert names cannot be read/],
  ["postgres://u@h/d?sslmode=require&sslrootcert=system", /sslrootcert=system needs/],
  ["postgres://u@h/d?sslmode=prefer&sslnegotiation=direct", /sslnegotiation=direct needs/],
  ["postgres://u@h/d?service=none", /service stands in no service file/],
  ["postgres://u@h/%ff", /no UTF-8/],
  ["jdbc:postgresql://h/d", /does not begin with postgres/],
])("%s is refused in words", (url, words) => expect(refused(url)).toMatch(words));

test("what changes nothing is taken: pinned or pointless here", () => {
  const address = read("postgres://u@h/d?client_encoding=LATIN1&keepalives=1&sslsni=0&gssencmode=prefer&channel_binding=prefer");
  expect(places(address)).toEqual(["h 5432"]);
});

test.each([
  ["disable", [false]],
  ["allow", [false, { rejectUnauthorized: false }]],
  ["prefer", [{ rejectUnauthorized: false }, false]],
  ["require", [{ rejectUnauthorized: false }]],
  ["verify-full", [{ rejectUnauthorized: true }]],
])("sslmode=%s tries what libpq tries", (mode, ways) => {
  expect(read(`postgres://u@h/d?sslmode=${mode}`).hosts[0]?.ways).toEqual(ways);
  expect(read("postgres://u@h/d", { PGSSLMODE: mode }).hosts[0]?.ways).toEqual(ways);
  expect(read(`postgres://u@h/d?host=/run/pg&sslmode=${mode}`).hosts[0]?.ways).toEqual([false]);
});

test("without an sslmode it is prefer; ssl=true is require", () => {
  expect(read("postgres://u@h/d").hosts[0]?.ways).toEqual([{ rejectUnauthorized: false }, false]);
  expect(read("postgres://u@h/d?ssl=true").hosts[0]?.ways).toEqual([{ rejectUnauthorized: false }]);
  expect(refused("postgres://u@h/d?ssl=maybe")).toMatch(/ssl takes true or false/);
});

test("a service completes the address, the environment completes both", () => {
  const file = join(folder, "services");
  writeFileSync(
    file,
    "# ours\n[other]\nhost=x\n\n[billing]\nhost=served\nport=6001\nuser=reader\npassword=from-service\ndbname=books\n[last]\n",
  );
  const env = { PGSERVICEFILE: file, PGHOST: "around", PGUSER: "around", PGCONNECT_TIMEOUT: "7" };
  const address = read("postgres:///?service=billing", env);
  expect(places(address)).toEqual(["served 6001"]);
  expect(address).toMatchObject({ user: "reader", database: "books", connectSeconds: 7 });
  expect(password(address)).toEqual(["from-service"]);
  expect(read("postgres://me@here/mine?service=billing", env)).toMatchObject({ user: "me", database: "mine" });
  expect(places(read("postgres://me@here/mine?service=billing", env))).toEqual(["here 6001"]);
  expect(places(read("postgres://me@/d", { PGHOST: "around" }))).toEqual(["around 5432"]);
  expect(places(read(`postgres:///d?servicefile=${encodeURIComponent(file)}&service=billing`))).toEqual(["served 6001"]);
});

test("the password file: first line that fits, escapes, wildcards; not one that others may read", () => {
  const file = join(folder, "pgpass");
  writeFileSync(file, "# comment\nh:5432:d:other:no\nh:*:d:u:p\\:w\\\\x:y\nlocalhost:*:*:u:socket\n*:*:*:u:any\n", {
    mode: 0o600,
  });
  const env = { PGPASSFILE: file };
  expect(password(read("postgres://u@h:77/d,x", env))).toEqual(["any"]);
  expect(password(read("postgres://u@h:77,i:78/d", env))).toEqual(["p:w\\x:y", "any"]);
  expect(password(read("postgres://u@/d?host=/run/pg", env))).toEqual(["socket"]);
  expect(password(read("postgres://v@h/d", env))).toEqual([undefined]);
  expect(password(read("postgres://u:own@h/d", env))).toEqual(["own"]);
  expect(password(read("postgres://u@h/d", { ...env, PGPASSWORD: "around" }))).toEqual(["around"]);
  expect(password(read(`postgres://u@h/d?passfile=${encodeURIComponent(file)}`))).toEqual(["p:w\\x:y"]);
  chmodSync(file, 0o644);
  expect(password(read("postgres://u@h/d", env))).toEqual([undefined]);
});

/** Passwords as people choose them, with every character that means something in an address. */
const anyPassword = fc.string({ unit: fc.constantFrom(..."Aq7@/:#%?&=[],;+ '\"\\$!é\n".split("")), minLength: 4, maxLength: 24 });

/** Pieces of a password that would tell something of it. */
const pieces = (word: string) => word.split(/[^A-Za-z0-9é]+/).filter((piece) => piece.length > 2);

test("no piece of a password that was not encoded is ever shown or taken for a host", () => {
  fc.assert(
    fc.property(anyPassword, fc.constantFrom("/d", "", "/d?sslmode=prefer", "?x=y"), (word, rest) => {
      const url = `postgres://u:${word}@db.test:5432${rest}`;
      let address: ServerAddress | null = null;
      try {
        address = read(url);
      } catch (error) {
        const { message, problems, stack } = error as Failure;
        const shown = JSON.stringify([message, problems, stack, (error as Failure).cause]);
        for (const piece of pieces(word)) expect(shown).not.toContain(piece);
        expect((error as Failure).kind).toBe("usage");
      }
      if (address) expect(places(address)).toEqual(["db.test 5432"]);
    }),
    { numRuns: 2000 },
  );
});

test("a password that was encoded is read back exactly", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (word) => {
      fc.pre(!word.includes("\0"));
      let url: string;
      try {
        url = `postgres://u:${encodeURIComponent(word)}@h/d`;
      } catch {
        return;
      }
      expect(password(read(url))).toEqual([word]);
    }),
  );
});
