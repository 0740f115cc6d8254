import { setTimeout as sleep } from "node:timers/promises";
import type { Product, ProductRun } from "./product.ts";

const SIGKILL_CODE = 137;
const LOST = 30;
const RETRYABLE = 40;
const TRIES = 30;
/** Looks, half a second and more apart, at which nobody is seen. */
const QUIET = 3;

/** What a stunt came to: the run that counts, and whether the product behaved. */
export interface Stunt {
  readonly run: ProductRun;
  readonly behaved: boolean;
  readonly note: string;
}

/** A scheduler's patience: another run may hold the group until its lease ends. */
async function runPatiently(product: Product, args: readonly string[]): Promise<ProductRun> {
  for (let i = 1; ; i += 1) {
    const run = await product.run(args);
    if (run.exitCode !== RETRYABLE || i === TRIES) return run;
    await sleep(1000);
  }
}

/** How often billing's invoices of a window were published: a repetition goes on only with feeds that could not be read. */
async function publicationsOf(product: Product, window: { start: string }): Promise<number> {
  const rows = await product.query(
    `SELECT CAST(count(*) AS VARCHAR) AS n FROM ops.publication p JOIN ops.batch b ON b.publication_id = p.publication_id WHERE b.feed = 'billing.invoices' AND p.window_start = TIMESTAMP '${window.start.replace("T", " ").replace("Z", "")}'`,
  );
  return Number(rows[0]?.["n"] ?? "0");
}

const timesText = (times: number) => (times === 1 ? "once" : `${times} times`);

function isStart(line: string, stage: string): boolean {
  if (!line.startsWith("{")) return false;
  const event = JSON.parse(line) as { event?: string; stage?: string };
  return event.event === "stage-started" && event.stage === stage;
}

/** Kills a run at the moment it begins to judge, repeats it, and repeats it once more: the window must be published once. */
export async function killAndRepeat(product: Product, window: { start: string }, args: readonly string[]): Promise<Stunt> {
  const victim = product.spawnRun(args);
  for await (const line of victim.stderrLines) {
    if (!isStart(line, "judge")) continue;
    process.kill(victim.pid, "SIGKILL");
    break;
  }
  const killed = await victim.done;
  const run = await runPatiently(product, args);
  const again = await product.run(args);
  const published = await publicationsOf(product, window);
  const behaved = killed.exitCode === SIGKILL_CODE && run.exitCode === 0 && again.exitCode === 0 && published === 1;
  const codes = [killed, run, again].map(({ exitCode }) => exitCode).join(", ");
  const note = `its run was killed while judging, repeated, and repeated again (exit codes ${codes}): published ${timesText(published)}`;
  return { run, behaved, note };
}

/** A source that no run can read to its end. */
export interface HeldUp extends AsyncDisposable {
  /** Resolves when a run has come to read and waits. */
  untilMet(): Promise<void>;
  /** Lets readers pass again. */
  release(): Promise<void>;
}

/** Whether a process has the warehouse's file open, which nobody else can read then. */
async function holdsWarehouse(product: Product, pid: number): Promise<boolean> {
  const { warehouse } = JSON.parse(await product.command(["status", "--json"])) as {
    warehouse: { locked_by: { pid: number } | null };
  };
  return warehouse.locked_by?.pid === pid;
}

/** Resolves when a process has left the warehouse alone for a while: while it waits at one source, it goes on with the others. */
async function untilQuiet(product: Product, pid: number): Promise<void> {
  let quiet = 0;
  for (let i = 0; quiet < QUIET; i += 1) {
    if (i === TRIES) throw new Error("the first publisher never let the warehouse go");
    quiet = (await holdsWarehouse(product, pid)) ? 0 : quiet + 1;
    await sleep(500);
  }
}

/**
 * Two publishers meet. The first is held up at the source, stopped like a machine that hangs, and loses its lease; the second
 * publishes the window; then the first wakes up and must change nothing.
 */
export async function letPublishersMeet(
  product: Product,
  meeting: { window: { start: string }; holdUp: () => Promise<HeldUp>; leaseSeconds: number },
  args: readonly string[],
): Promise<Stunt> {
  await using source = await meeting.holdUp();
  const first = product.spawnRun(args);
  await source.untilMet();
  await untilQuiet(product, first.pid);
  process.kill(first.pid, "SIGSTOP");
  await sleep((meeting.leaseSeconds + 1) * 1000);
  await source.release();
  const run = await runPatiently(product, args);
  const before = await publicationsOf(product, meeting.window);
  process.kill(first.pid, "SIGCONT");
  const late = await first.done;
  const after = await publicationsOf(product, meeting.window);
  const behaved = run.exitCode === 0 && late.exitCode === LOST && before === 1 && after === 1;
  return {
    run,
    behaved,
    note: `its run hung, a second one published, and the first woke up (exit codes ${run.exitCode}, ${late.exitCode}): published ${timesText(after)}`,
  };
}
