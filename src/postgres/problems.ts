import { type Problem, problem } from "../kernel/problem.ts";
import type { Owner } from "./owner.ts";

const AGAIN = "repeat the same command";
const doctor = ({ place }: Owner) => `correct ${place}, then \`ledgerloop doctor\``;

/** `reason` never quotes the address: any piece of it could be one of the password. */
export function addressRefused(owner: Owner, reason: string): Problem {
  return problem({
    code: `${owner.room}.url`,
    says: `The address of the ${owner.name} is not one that can be used: ${reason}.`,
    next: `correct ${owner.place} (docs/postgres-addresses.md), then \`ledgerloop doctor\``,
  });
}

export function unreachable(owner: Owner, reason: string): Problem {
  const embedded =
    owner.room === "store" ? "`ledgerloop up` where it is embedded, else `ledgerloop doctor`" : "`ledgerloop doctor`";
  return problem({
    code: `${owner.room}.unreachable`,
    says: `The ${owner.name} cannot be reached: ${reason}.`,
    next: `${embedded}, then ${AGAIN}`,
  });
}

export function socketClosed(owner: Owner, code: string): Problem {
  return problem({
    code: `${owner.room}.socket`,
    says: `This user may not use the socket of the ${owner.name} (${code}).`,
    next: `give this user rights on the socket's folder, or ${doctor(owner)}`,
  });
}

export function certificateRefused(owner: Owner, code: string): Problem {
  return problem({
    code: `${owner.room}.certificate`,
    says: `The server of the ${owner.name} does not prove by its certificate who it is (${code}).`,
    next: `name its authority by sslrootcert, or ${doctor(owner)}`,
  });
}

export function withoutTls(owner: Owner): Problem {
  return problem({
    code: `${owner.room}.tls`,
    says: `The server of the ${owner.name} speaks no TLS, which the address's sslmode demands.`,
    next: `switch ssl on at the server, or ${doctor(owner)}`,
  });
}

export function tlsFailed(owner: Owner, code: string): Problem {
  return problem({
    code: `${owner.room}.tls`,
    says: `TLS with the server of the ${owner.name} failed (${code}).`,
    next: `compare sslmode, sslcert, sslkey and the TLS versions with the server's, ${doctor(owner)}`,
  });
}

export function passwordMissing(owner: Owner): Problem {
  return problem({
    code: `${owner.room}.login`,
    says: `The server of the ${owner.name} asks for a password, and neither the address nor PGPASSWORD nor a password file has one for it.`,
    next: `give one (docs/postgres-addresses.md) or ${doctor(owner)}`,
  });
}

export function methodUnknown(owner: Owner): Problem {
  return problem({
    code: `${owner.room}.login`,
    says: `The server of the ${owner.name} asks for a way to sign in that this program does not know.`,
    next: "have the server ask for scram-sha-256 or a client certificate (pg_hba.conf), then `ledgerloop doctor`",
  });
}

export function noPostgres(owner: Owner): Problem {
  return problem({
    code: `${owner.room}.url`,
    says: `What answers at the address of the ${owner.name} is not a PostgreSQL server.`,
    next: doctor(owner),
  });
}

export function otherAttributes(owner: Owner, wanted: string): Problem {
  return problem({
    code: `${owner.room}.session_attrs`,
    says: `None of the servers of the ${owner.name} is ${wanted}, as target_session_attrs demands.`,
    next: `wait for the failover and ${AGAIN}, or ${doctor(owner)}`,
  });
}
