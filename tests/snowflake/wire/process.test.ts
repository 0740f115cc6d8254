import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { wireSettings } from "./session.ts";
import { Stub } from "./stub.ts";
import { refuse, silent } from "./turns.ts";

const SRC = join(import.meta.dirname, "../../../src");
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
/** What a process needs longest to give up: our deadline and the two goodbyes. */
const SHORT = { signIn: 20, grace: 0.3, commit: 0.3, goodbye: 0.2, replay: 0.01 };

interface End {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface ScriptFolder {
  readonly stub: Stub;
  /** Empty but for the script. */
  readonly folder: string;
  /** Runs a script in a process of its own until it ends by itself. */
  run(script: string, src?: string): Promise<End>;
}

function runIn({ stub, folder }: Omit<ScriptFolder, "run">, script: string, src: string): Promise<End> {
  const file = join(folder, "script.mts");
  writeFileSync(
    file,
    `import { snowflakeWarehouse } from ${JSON.stringify(join(src, "warehouse/snowflake/warehouse.ts"))};
const warehouse = snowflakeWarehouse(${JSON.stringify(wireSettings(stub.url))}, { waits: ${JSON.stringify(SHORT)} });
const open = () => warehouse.open({ purpose: "process" });
const codeOf = (error) => error.problems?.[0]?.code ?? String(error);
const nextOf = (error) => error.problems?.[0]?.next ?? String(error);
${script}`,
  );
  const child = spawn(process.execPath, ["--import", TSX, "--unhandled-rejections=strict", file], { cwd: folder });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text.toString();
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

async function at(work: (place: ScriptFolder) => Promise<void>): Promise<void> {
  await using stub = await Stub.start();
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-process-"));
  try {
    await work({ stub, folder, run: (script, src = SRC) => runIn({ stub, folder }, script, src) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.concurrent("a process of its own", () => {
  test("without the driver: what to install", () =>
    at(async ({ folder, run }) => {
      const alone = join(folder, "src");
      cpSync(SRC, alone, { recursive: true });
      const end = await run(`console.log(await open().catch((e) => [e.kind, codeOf(e), nextOf(e)].join("\\n")));`, alone);
      expect(end).toEqual({
        code: 0,
        out: "usage\nsnowflake.driver_missing\nnpm install --save-exact snowflake-sdk@3.3.0\n",
        err: "",
      });
    }));

  test("a session writes nothing into the working directory, nothing to standard error and leaves the umask alone", () =>
    at(async ({ stub, folder, run }) => {
      stub.on(/BAD/, refuse("002003", "Object does not exist", "02000"));
      const end = await run(`
const before = process.umask();
const session = await open();
await session.rows({ name: "t", sql: "SELECT 1" });
console.log(await session.rows({ name: "t", sql: "SELECT BAD" }).catch(codeOf));
await session.close();
console.log(process.umask() === before);`);
      expect(end).toEqual({ code: 0, out: "snowflake.right_missing\ntrue\n", err: "" });
      expect(readdirSync(folder)).toEqual(["script.mts"]);
    }));
});

describe.concurrent("a process ends by itself, however the server behaves", () => {
  const SLOW = `
const session = await open();
console.log("open");
console.log(await session.rows({ name: "t", sql: "SELECT SLOW" }).catch(codeOf));
await session.close();
console.log("closed");`;

  test("a server that has fallen silent", () =>
    at(async ({ stub, run }) => {
      stub.on(/SLOW/, silent());
      stub.instead.abort = silent();
      stub.instead.delete = silent();
      expect(await run(SLOW)).toEqual({ code: 0, out: "open\nsnowflake.deadline\nclosed\n", err: "" });
    }));

  test("a server that is gone in the middle of a statement", () =>
    at(async ({ stub, run }) => {
      stub.on(/SLOW/, silent());
      const ended = run(SLOW);
      await stub.arrival("statement", /SLOW/);
      await stub.stop();
      expect(await ended).toMatchObject({ code: 0, out: "open\nsnowflake.deadline\nclosed\n", err: "" });
    }));

  test("a session that nobody closed, with a transaction open", () =>
    at(async ({ stub, run }) => {
      stub.on(/SLOW/, silent());
      const end = await run(`
const session = await open();
const work = () => session.rows({ name: "t", sql: "SELECT SLOW" });
console.log(await session.transaction(work).catch(codeOf));`);
      expect(end).toEqual({ code: 0, out: "snowflake.deadline\n", err: "" });
      expect(stub.count("delete")).toBe(1);
    }));
});
