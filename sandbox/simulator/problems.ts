import { type Problem, problem } from "../../src/kernel/problem.ts";

export function folderNotOurs(folder: string): Problem {
  return problem({
    code: "sandbox.folder",
    says: `${folder} is no folder of this user, so no key is put into it`,
    next: "name another one: `ledgerloop sandbox start --state DIR`",
  });
}

export function notRunning(folder: string): Problem {
  return problem({
    code: "sandbox.not_running",
    says: `no simulator of Stripe runs here (${folder})`,
    next: "`ledgerloop sandbox start`; one that was started with --state or LEDGERLOOP_STATE is found with the same",
  });
}

export function portTaken(port: number): Problem {
  return problem({
    code: "sandbox.port",
    says: `something else listens on port ${port}, or this user may not`,
    next: "name another port, or leave --port out: `ledgerloop sandbox start`",
  });
}

export function startFailed(log: string): Problem {
  return problem({
    code: "sandbox.start",
    says: `the simulator did not start; the reason is at the end of ${log}`,
    next: "`ledgerloop sandbox start` once more",
  });
}

export function lockHeld(pid: number | null): Problem {
  return problem({
    code: "sandbox.lock",
    says: `another command${pid === null ? "" : ` (process ${pid})`} has been starting or stopping the simulator for half a minute`,
    next: "wait for it, then repeat the command",
  });
}

export function noAnswer(pid: number): Problem {
  return problem({
    code: "sandbox.no_answer",
    says: `the simulator (process ${pid}) does not answer`,
    next: "`ledgerloop sandbox stop`, then `ledgerloop sandbox start`",
  });
}

export function refused(says: string): Problem {
  return problem({ code: "sandbox.refused", says, next: "`ledgerloop sandbox status`" });
}
