import { Failure, formatProblem, messageOf, type Problem, problem } from "../kernel/problem.ts";
import type { CommandContext } from "./context.ts";

/** Turns anything thrown into a failure that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const unexpected = problem({
    code: "cli.unexpected",
    says: `unexpected: ${messageOf(error).split("\n")[0]}`,
    next: "`ledgerloop doctor` checks what the program stands on; with LEDGERLOOP_DEBUG=1 the same command prints where it happened",
  });
  return new Failure("internal", unexpected, { cause: error });
}

/**
 * Writes a failure's problems to standard error. Standard output stays empty: a reader of JSON looks at the exit code first.
 * @returns the exit code.
 */
export function showFailure(context: CommandContext, error: unknown): number {
  const failure = asFailure(error);
  for (const p of failure.problems) context.err(`${formatProblem(p)}\n`);
  if (context.app.env["LEDGERLOOP_DEBUG"] && failure.cause instanceof Error) context.err(`${failure.cause.stack}\n`);
  return failure.exitCode;
}

/** Writes warnings of a pipeline to standard error. */
export function showWarnings(context: CommandContext, warnings: readonly Problem[]): void {
  for (const w of warnings) context.err(`warning: ${formatProblem(w)}\n`);
}
