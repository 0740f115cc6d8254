import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { EXIT_CODES } from "../src/kernel/problem.ts";
import type { RunReport } from "../src/projector/run-report.ts";
import type { Warehouse } from "../src/warehouse/warehouse.ts";

/** How one command line of the product ended. */
export interface ProductRun {
  /** 128 + 9 after a SIGKILL. */
  readonly exitCode: number;
  /** Null when it died before it could print one. */
  readonly report: RunReport | null;
  /** Its last words. */
  readonly stderr: string;
}

/** Rows of a query; values as text. */
type TextRows = readonly Readonly<Record<string, string | null>>[];

/** Of what `reconcile run --json` prints, how each comparison ended. */
interface Proven {
  readonly groups: readonly { readonly proofs: readonly ProvenLine[] }[];
}

interface ProvenLine {
  readonly leg: string;
  readonly of: string;
  readonly result: string;
  readonly keys: readonly { readonly key: Readonly<Record<string, string | null>> }[];
  readonly says: readonly string[];
}

/** Of what `reconcile breaks --json` prints, a break that is open. */
export interface OpenBreak {
  readonly break_id: string;
  readonly class: string;
  readonly leg: string;
  readonly of: string;
  readonly key: Readonly<Record<string, string | null>>;
}

/** The values of a break's key as one text. */
export function breakKey({ key }: OpenBreak): string {
  return Object.values(key)
    .map((text) => text ?? "")
    .join("|");
}

/** What `reconcile run` found. */
export interface Proofs {
  readonly made: number;
  /** Those that are not equal, but for rows that differ from their source, and keys of which two systems say otherwise. */
  readonly not_equal: number;
  /** Rows that differ, by the feed or table that they are of and the values of its key. */
  readonly differing: readonly { readonly leg: string; readonly of: string; readonly key: readonly string[] }[];
}

const differsByRows = ({ result, says }: ProvenLine) => result === "different" && says.length === 0;
/** Rows at a source that are neither published nor wait, and what two systems say; everything else that is not equal is of the product's own making. */
const isOfSource = (line: ProvenLine) => ["R1", "R3"].includes(line.leg) && differsByRows(line);

function proofsOf({ groups }: Proven): Proofs {
  const lines = groups.flatMap(({ proofs }) => proofs);
  const unequal = lines.filter(({ result }) => result !== "equal");
  const keysOf = ({ leg, of, keys }: ProvenLine) =>
    keys.map(({ key }) => ({ leg, of, key: Object.values(key).map((text) => text ?? "") }));
  return {
    made: lines.length,
    not_equal: unequal.filter((line) => !isOfSource(line)).length,
    differing: unequal.filter(differsByRows).flatMap(keysOf),
  };
}

/** The product as its users see it: command lines and a warehouse to read. */
export interface Product {
  /** `ledgerloop run …`; resolves when the process has ended. */
  run(args: readonly string[]): Promise<ProductRun>;
  /** The same, while it runs. `stderrLines` must be read to its end or not at all. */
  spawnRun(args: readonly string[]): {
    readonly pid: number;
    readonly stderrLines: AsyncIterable<string>;
    readonly done: Promise<ProductRun>;
  };
  /** Any other command, e.g. `up`. Rejects when it fails. */
  command(args: readonly string[]): Promise<string>;
  /** Comparisons of what is published with what it should be, as the product itself makes them; `args` of `reconcile run`. */
  proofs(args?: readonly string[]): Promise<Proofs>;
  /** What differs, and is not equal again yet. */
  breaks(): Promise<readonly OpenBreak[]>;
  /** Lets the product heal breaks. @returns what it told where something stays; null where nothing does. */
  heal(ids: readonly string[]): Promise<string | null>;
  /** Reads the warehouse; values as text. */
  query(sql: string): Promise<TextRows>;
  /** Several queries, of one moment. */
  queries(sqls: readonly string[]): Promise<readonly TextRows[]>;
  /** Changes the warehouse by another hand than the product's, in one transaction. */
  change(sqls: readonly string[]): Promise<void>;
}

const SIGKILL_CODE = 137;

/** The program beside this file, as source or as built. */
function program(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const bin = join(import.meta.dirname, isSource ? "../src/bin.ts" : "../src/bin.js");
  return isSource ? ["--import", import.meta.resolve("tsx"), bin] : [bin];
}

function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [...program(), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
  const done = new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ exitCode: code ?? SIGKILL_CODE, stdout: out.join(""), stderr: err.join("") }));
  });
  return { child, done };
}

function runResult(ended: { exitCode: number; stdout: string; stderr: string }): ProductRun {
  const report = ended.stdout.trim() === "" ? null : (JSON.parse(ended.stdout) as RunReport);
  return { exitCode: ended.exitCode, report, stderr: ended.stderr };
}

export interface ProductOptions {
  readonly pipeline: string;
  /** Environment of the pipeline. */
  readonly environment: string;
  readonly state: string;
  readonly env: NodeJS.ProcessEnv;
  /** The environment's warehouse, to read what the product left there. */
  readonly warehouse: Warehouse;
}

/** The product as child processes over one pipeline folder and one state folder. */
export function commandLineProduct(options: ProductOptions): Product {
  const env = { ...options.env, LEDGERLOOP_STATE: options.state };
  const { warehouse } = options;
  const common = ["--pipeline", options.pipeline, "--env", options.environment];
  const runArguments = (args: readonly string[]) => ["run", ...common, "--json", "--log", "json", ...args];
  const read = async (sqls: readonly string[]) => {
    const session = await warehouse.open({ purpose: "sandbox", readOnly: true });
    try {
      const answers: TextRows[] = [];
      for (const sql of sqls) answers.push(await session.rows({ name: "sandbox", sql }));
      return answers;
    } finally {
      await session.close();
    }
  };
  const write = async (sqls: readonly string[]) => {
    const session = await warehouse.open({ purpose: "sandbox" });
    try {
      await session.transaction(async () => {
        for (const sql of sqls) await session.run({ name: "sandbox", sql });
      });
    } finally {
      await session.close();
    }
  };
  // A process opens the warehouse once: who asks while another does waits for it, however that ends.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>) => {
    const answer = last.then(work);
    last = answer.catch(() => undefined);
    return answer;
  };
  const queries = (sqls: readonly string[]) => inTurn(() => read(sqls));
  return {
    run: async (args) => runResult(await start(runArguments(args), env).done),
    spawnRun: (args) => {
      const { child, done } = start(runArguments(args), env);
      const stderrLines = createInterface({ input: child.stderr });
      return { pid: child.pid ?? 0, stderrLines, done: done.then(runResult) };
    },
    command: async (args) => {
      const ended = await start([...args, ...common], env).done;
      if (ended.exitCode !== 0) throw new Error(`ledgerloop ${args.join(" ")} ended with ${ended.exitCode}: ${ended.stderr}`);
      return ended.stdout;
    },
    proofs: async (args = []) => {
      const ended = await start(["reconcile", "run", "--json", ...common, ...args], env).done;
      if (ended.stdout.trim() === "") throw new Error(`ledgerloop reconcile run ended with ${ended.exitCode}: ${ended.stderr}`);
      return proofsOf(JSON.parse(ended.stdout) as Proven);
    },
    breaks: async () => {
      const ended = await start(["reconcile", "breaks", "--json", "--limit", "100000", ...common], env).done;
      if (ended.stdout.trim() === "")
        throw new Error(`ledgerloop reconcile breaks ended with ${ended.exitCode}: ${ended.stderr}`);
      return (JSON.parse(ended.stdout) as { breaks: OpenBreak[] }).breaks;
    },
    heal: async (ids) => {
      const ended = await start(["reconcile", "heal", ...ids, ...common], env).done;
      if (![0, EXIT_CODES.blocked].includes(ended.exitCode))
        throw new Error(`ledgerloop reconcile heal ended with ${ended.exitCode}: ${ended.stderr}`);
      return ended.exitCode === 0 ? null : ended.stdout;
    },
    query: async (sql) => (await queries([sql]))[0] ?? [],
    queries,
    change: (sqls) => inTurn(() => write(sqls)),
  };
}
