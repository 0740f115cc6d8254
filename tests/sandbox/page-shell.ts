import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { missingLine } from "../support/shown-lines.ts";

/** Commands of a page, and what it shows of their output. */
interface Block {
  readonly commands: string;
  readonly shown: readonly string[];
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)].map(([, commands = "", shown = ""]) => ({
    commands,
    shown: shown.trimEnd().split("\n"),
  }));
}

/** A shell whose variables live on from block to block, with the built program on its path and a state folder of its own for the page's. */
async function shell(pageState: string) {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-page-"));
  const control = await freshDatabase();
  const [program, kept, state] = [join(folder, "ledgerloop"), join(folder, "kept"), join(folder, "state")];
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(process.cwd(), "dist/src/bin.js")}" "$@"\n`);
  chmodSync(program, 0o755);
  writeFileSync(kept, "");
  const env = { PATH: `${folder}:${process.env["PATH"]}`, HOME: folder, CONTROL_URL: control.url };
  const run = (commands: string) => {
    const script = `. "${kept}"\nset -a\n${commands.replaceAll(pageState, state)}\nexport -p > "${kept}"`;
    const { stdout, status } = spawnSync("sh", ["-c", `{ ${script}\n} 2>&1`], { encoding: "utf8", env });
    expect(status, stdout).toBe(0);
    return stdout.split("\n");
  };
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      run(`LEDGERLOOP_STATE=${pageState} ledgerloop sandbox stop`);
      await control[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Follows a page word by word, in a shell, and expects what it shows. `state` is the state folder that the page names. */
export async function expectFollowed(page: string, { state, blocks: atLeast }: { state: string; blocks: number }): Promise<void> {
  const blocks = blocksOf(readFileSync(page, "utf8"));
  expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
  await using there = await shell(state);
  for (const { commands, shown } of blocks) {
    const output = there.run(commands);
    expect(missingLine(shown, output), output.join("\n")).toBeNull();
  }
}
