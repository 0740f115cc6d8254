import { z } from "zod";

/** The word that stands for a cluster which `ledgerloop up` starts, in place of a URL. */
export const EMBEDDED = "embedded";

/** Anything else a driver would complete by its defaults, such as a server on this machine. `${…}` stands for a value in the schemas. */
export const PostgresUrl = z
  .string()
  .regex(/^(?:embedded$|postgres(?:ql)?:\/\/|\$\{)/, "`embedded` or an address postgres://…")
  .describe("PostgreSQL URL, or `embedded`");
