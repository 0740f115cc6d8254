import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Whose password is looked for. `host` is a name, an address or a socket's folder. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

const OTHERS = 0o077;

function textOf(file: string): string | null {
  try {
    const { mode } = statSync(file);
    // As libpq: a file that others may read is not used.
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) return null;
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

const FIELD = String.raw`((?:\\.|[^:\\])*)`;
const LINE = new RegExp(`^${FIELD}:${FIELD}:${FIELD}:${FIELD}:(.*)$`);

/** The five fields of a line, in which `\:` and `\\` stand for the characters themselves. */
function fieldsOf(line: string): string[] | null {
  const [, ...fields] = line.startsWith("#") ? [] : (LINE.exec(line) ?? []);
  return fields.length === 5 ? fields.map((field) => field.replace(/\\(.)/g, "$1")) : null;
}

/** The password of the first line that fits, as in libpq's `.pgpass`; undefined where none does or others may read the file. */
export function filedPassword(file: string, { host, port, database, user }: Login): string | undefined {
  const wanted = [host.startsWith("/") ? "localhost" : host, String(port), database, user];
  for (const line of textOf(file)?.split(/\r?\n/) ?? []) {
    const fields = fieldsOf(line);
    if (fields && wanted.every((value, i) => fields[i] === "*" || fields[i] === value || (i === 0 && fields[i] === host))) {
      return fields[4];
    }
  }
  return undefined;
}

/** Where the password file lies when nothing names it; undefined without a home. */
export function usualPasswordFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (process.platform === "win32") return env["APPDATA"] && join(env["APPDATA"], "postgresql", "pgpass.conf");
  return env["HOME"] && join(env["HOME"], ".pgpass");
}
