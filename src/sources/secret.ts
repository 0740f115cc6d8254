import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Failure } from "../kernel/problem.ts";
import { secretFileEmpty, secretFileUnreadable, secretVariableMissing } from "./problems.ts";

const FORM = "{ env: NAME } or { file: PATH }; the secret itself stands in no file of the pipeline";

/** Where a secret is found, as a source file names it. It may be printed: the secret itself is not in it. */
export const SecretSchema = z
  .union([
    z.strictObject(
      { env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "the name of an environment variable, of capitals, digits and _") },
      FORM,
    ),
    z.strictObject({ file: z.string().min(1, "the path of a file") }, FORM),
  ])
  .describe(
    "Where the secret is: { env: NAME } an environment variable, { file: PATH } a file, relative to this folder or absolute",
  );

export type Secret = z.output<typeof SecretSchema>;

/** The same with its file's path resolved against the pipeline folder. */
export function linkSecret(secret: Secret, absolute: (path: string) => string): Secret {
  return "file" in secret ? { file: absolute(secret.file) } : secret;
}

async function readText(source: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure("usage", secretFileUnreadable({ source, file, code }));
  }
}

/**
 * Finds a secret when it is used, so that it is kept in no settings, and a renewed one counts from the next time on. A file's last line
 * break is none of it.
 * @throws Failure `usage` where there is none, or an empty one; it names the variable or the file.
 */
export async function readSecret(
  secret: Secret,
  { source, env }: { source: string; env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  if ("env" in secret) {
    const value = env[secret.env] ?? "";
    if (value === "") throw new Failure("usage", secretVariableMissing({ source, variable: secret.env }));
    return value;
  }
  const text = (await readText(source, secret.file)).replace(/\r?\n$/, "");
  if (text === "") throw new Failure("usage", secretFileEmpty({ source, file: secret.file }));
  return text;
}
