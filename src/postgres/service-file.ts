import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AddressFault } from "./address-text.ts";

type Env = Readonly<Record<string, string | undefined>>;

function candidates(named: string | undefined, env: Env): string[] {
  if (named) return [named];
  const home = env["HOME"];
  const system = env["PGSYSCONFDIR"];
  return [...(home ? [join(home, ".pg_service.conf")] : []), ...(system ? [join(system, "pg_service.conf")] : [])];
}

function linesOf(text: string, service: string): string[] | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const from = lines.indexOf(`[${service}]`);
  if (from < 0) return null;
  const to = lines.findIndex((line, i) => i > from && line.startsWith("["));
  return lines.slice(from + 1, to < 0 ? lines.length : to);
}

function sectionOf(text: string, service: string): Map<string, string> | null {
  const lines = linesOf(text, service);
  if (lines === null) return null;
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf("=");
    if (at <= 0) throw new AddressFault("a line of its service in the service file is not name=value");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return new Map(pairs);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new AddressFault("its service file cannot be read");
  }
}

/**
 * The parameters of a service: of the file that is named, else of `~/.pg_service.conf`, else of `PGSYSCONFDIR`'s.
 * @throws AddressFault when no file has it.
 */
export function serviceParameters(service: string, named: string | undefined, env: Env): Map<string, string> {
  for (const file of candidates(named, env)) {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const section = sectionOf(textOf(file), service);
    if (section?.has("service")) throw new AddressFault("its service names another service");
    if (section) return section;
  }
  throw new AddressFault("its service stands in no service file (PGSERVICEFILE, ~/.pg_service.conf, PGSYSCONFDIR)");
}
