/** Where a user can go and look: a file they wrote, 1-based line and column. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something a user should know. `says` never holds row values; `next` is what to type or change. */
export interface Problem {
  readonly code: string;
  readonly says: string;
  readonly next: string;
  readonly at?: Position;
  readonly severity: "error" | "warning";
}

/** What a failure means to a scheduler; decides the process exit code. */
export type FailureKind = "usage" | "blocked" | "incomplete" | "lost" | "retryable" | "internal";

/** Exit codes by kind of failure, as `docs/cli.md` documents them. 0 is success. */
export const EXIT_CODES: Readonly<Record<FailureKind, number>> = {
  usage: 2,
  blocked: 10,
  incomplete: 20,
  lost: 30,
  retryable: 40,
  internal: 1,
};

/** A thrown failure: one or more problems and what the caller may do about them. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly problems: readonly Problem[];

  constructor(kind: FailureKind, problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(formatProblem).join("\n"), options);
    this.name = "Failure";
    this.kind = kind;
    this.problems = list;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/** Makes a problem of severity `error`; rooms keep their sentences in their own `problems.ts`. */
export function problem(parts: Omit<Problem, "severity">): Problem {
  return { ...parts, severity: "error" };
}

/** The same problem as a warning: reported, but it does not fail a lint. */
export function asWarning(p: Problem): Problem {
  return { ...p, severity: "warning" };
}

/** `file:line:column: says` and, on a second line, the next thing to do. */
export function formatProblem(p: Problem): string {
  const where = p.at ? `${p.at.file}:${p.at.line}:${p.at.column}: ` : "";
  return `${where}${p.says}\n  next: ${p.next}`;
}

/** Whether something was thrown with a code of the system, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** The text of an unknown thrown value, for a `cause` or a log line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
