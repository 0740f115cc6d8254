import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wireSettings } from "./session.ts";
import { Stub } from "./stub.ts";
import { refuse, silent } from "./turns.ts";

const SRC = join(import.meta.dirname, "../../../src");
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
/** What a process needs longest to give up: our deadline and the two goodbyes. */
const SHORT = { signIn: 20, grace: 0.3, commit: 0.3, goodbye: 0.2 };

let folder: string;
let stub: Stub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledgerloop-process-"));
  stub = await Stub.start();
});

afterEach(async () => {
  await stub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface End {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a script in a process of its own, in an empty folder, until it ends by itself. */
function run(script: string, src = SRC): Promise<End> {
  const file = join(folder, "script.mts");
  const settings = JSON.stringify(wireSettings(stub.url));
  writeFileSync(
    file,
    `import { snowflakeWarehouse } from ${JSON.stringify(join(src, "warehouse/snowflake/warehouse.ts"))};
const warehouse = snowflakeWarehouse(${settings}, undefined, ${JSON.stringify(SHORT)});
const open = () => warehouse.open({ purpose: "process" });
const codeOf = (error) => error.problems?.[0]?.code ?? String(error);
const nextOf = (error) => error.problems?.[0]?.next ?? String(error);
${script}`,
  );
  const child = spawn(process.execPath, ["--import", TSX, "--unhandled-rejections=strict", file], { cwd: folder });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => (said.out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (said.err += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

test("without the driver: what to install, and nothing else of Snowflake is needed until then", async () => {
  const alone = join(folder, "src");
  cpSync(SRC, alone, { recursive: true });
  const end = await run(`console.log(await open().catch((e) => [e.kind, codeOf(e), nextOf(e)].join("\\n")));`, alone);
  expect(end).toEqual({
    code: 0,
    out: "usage\nsnowflake/driver-missing\nnpm install --save-exact snowflake-sdk@3.3.0\n",
    err: "",
  });
});

test("a session writes nothing into the working directory, nothing to standard error and leaves the umask alone", async () => {
  stub.on(/BAD/, refuse("002003", "Object does not exist", "02000"));
  const end = await run(`
const before = process.umask();
const session = await open();
await session.rows({ name: "t", sql: "SELECT 1" });
console.log(await session.rows({ name: "t", sql: "SELECT BAD" }).catch(codeOf));
await session.close();
console.log(process.umask() === before);`);
  expect(end).toEqual({ code: 0, out: "snowflake/right-missing\ntrue\n", err: "" });
  expect(readdirSync(folder)).toEqual(["script.mts"]);
});

describe("a process ends by itself, however the server behaves", () => {
  const SLOW = `
const session = await open();
console.log("open");
console.log(await session.rows({ name: "t", sql: "SELECT SLOW" }).catch(codeOf));
await session.close();
console.log("closed");`;

  test("a server that has fallen silent", async () => {
    stub.on(/SLOW/, silent());
    stub.instead.abort = silent();
    stub.instead.delete = silent();
    expect(await run(SLOW)).toEqual({ code: 0, out: "open\nsnowflake/deadline\nclosed\n", err: "" });
  });

  test("a server that is gone in the middle of a statement", async () => {
    stub.on(/SLOW/, silent());
    const ended = run(SLOW);
    await stub.arrival("statement", /SLOW/);
    await stub.stop();
    expect(await ended).toMatchObject({ code: 0, out: "open\nsnowflake/deadline\nclosed\n", err: "" });
  });

  test("a session that nobody closed, with a transaction open", async () => {
    stub.on(/SLOW/, silent());
    const end = await run(`
const session = await open();
const work = () => session.rows({ name: "t", sql: "SELECT SLOW" });
console.log(await session.transaction(work).catch(codeOf));`);
    expect(end).toEqual({ code: 0, out: "snowflake/deadline\n", err: "" });
    expect(stub.count("delete")).toBe(1);
  });
});
