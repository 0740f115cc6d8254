import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { missingLine } from "../support/shown-lines.ts";

/** What a page tells its reader to do with one file of the pipeline folder. */
export interface Step {
  readonly verb: string;
  readonly file: string;
  readonly text: string;
}

/** The files of a page with what is to be done with them. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(/^(Create|Append to|Change) `pipeline\/([^`]+)`:\n\n```\w+\n([\s\S]*?)```/gm)].map(
    ([, verb = "", file = "", text = ""]) => ({ verb, file, text }),
  );
}

function changed(before: string, diff: string): string {
  const side = (sign: string) =>
    diff
      .split("\n")
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  if (!before.includes(side("-"))) throw new Error(`the page changes what is not there:\n${side("-")}`);
  return before.replace(side("-"), () => side("+"));
}

/** Commands of the program that a page shows one below the other, and what it shows of their output. */
interface Shown {
  readonly commands: readonly (readonly string[])[];
  readonly lines: readonly string[];
}

const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** What a page does outside files, in its order: statements at the source, and commands of the program. */
function actsOf(page: string): ({ readonly sql: string } | Shown)[] {
  const blocks = [...page.matchAll(/(?<!`:\n\n)```(sql|sh)\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)];
  return blocks.map(([, kind, text = "", shown = ""]) => {
    if (kind === "sql") return { sql: text };
    const commands = text.split("\n").filter((line) => line.startsWith("ledgerloop "));
    return { commands: commands.map((line) => wordsOf(line).slice(1)), lines: shown.trimEnd().split("\n") };
  });
}

/** How what a page does outside files is done. */
export interface Hands {
  query(sql: string): Promise<unknown>;
  command(words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** Does what a page does outside files; commands end well and print what the page shows. */
export async function act(page: string, { query, command }: Hands): Promise<void> {
  for (const what of actsOf(page)) {
    if ("sql" in what) {
      await query(what.sql);
      continue;
    }
    const output: string[] = [];
    for (const words of what.commands) {
      const { code, out, err } = await command(words);
      expect(code, `${out}${err}`).toBe(0);
      output.push(...`${out}${err}`.split("\n"));
    }
    expect(missingLine(what.lines, output), output.join("\n")).toBeNull();
  }
}

/** Does what a page says, in a pipeline folder. */
export function follow(pipeline: string, steps: readonly Step[]): void {
  for (const { verb, file, text } of steps) {
    const path = join(pipeline, file);
    if (verb === "Create") writeFileSync(path, text, { flag: "wx" });
    else if (verb === "Append to") writeFileSync(path, text, { flag: "a" });
    else writeFileSync(path, changed(readFileSync(path, "utf8"), text));
  }
}
