import { asWarning, Failure, formatProblem, messageOf, problem } from "../kernel/problem.ts";
import type { CommandContext } from "./context.ts";

/** Turns anything thrown into a failure that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const unexpected = problem({
    code: "cli/unexpected",
    says: `unexpected: ${messageOf(error).split("\n")[0]}`,
    next: "`ledgerloop doctor` checks what the program stands on; with LEDGERLOOP_DEBUG=1 the same command prints where it happened",
  });
  return new Failure("internal", unexpected, { cause: error });
}

export function exitCodeOf(error: unknown): number {
  return asFailure(error).exitCode;
}

/** Writes a failure's problems to standard error. */
export function showFailure(context: CommandContext, error: unknown): void {
  const failure = asFailure(error);
  for (const p of failure.problems) context.err(`${formatProblem(p)}\n`);
  if (context.app.env["LEDGERLOOP_DEBUG"] && failure.cause instanceof Error) context.err(`${failure.cause.stack}\n`);
}

/** Writes warnings of a pipeline to standard error. */
export function showWarnings(context: CommandContext, warnings: readonly Parameters<typeof asWarning>[0][]): void {
  for (const w of warnings) context.err(`warning: ${formatProblem(asWarning(w))}\n`);
}
