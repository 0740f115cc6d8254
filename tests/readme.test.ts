import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

/** Run by CI itself: the demo takes minutes, this file is part of the tests, and others use dist/ meanwhile. */
const RUN_BY_CI = ["npm run demo", "npm test", "npm run build"];

const commands = [...readFileSync("README.md", "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((m) =>
  (m[1] ?? "").trim().split("\n"),
);
const state = mkdtempSync(join(tmpdir(), "ledgerloop-readme-"));
const shell = (command: string) =>
  spawnSync("sh", ["-c", command], { encoding: "utf8", env: { ...process.env, LEDGERLOOP_STATE: state } });

afterAll(() => rmSync(state, { recursive: true, force: true }));

test("the README's first commands are the ones that CI runs", () => {
  expect(commands.slice(0, 3)).toEqual(RUN_BY_CI);
  const ci = readFileSync(".ci/run", "utf8");
  for (const command of RUN_BY_CI) expect(ci).toContain(command);
  expect(commands.length).toBeGreaterThan(5);
});

test.each(commands.filter((c) => !RUN_BY_CI.includes(c)))("`%s` works", (command) => {
  const done = shell(command);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout.trim()).not.toBe("");
});
