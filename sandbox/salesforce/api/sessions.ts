import type { Clock } from "../../simulator/clock.ts";
import type { ConnectedApp } from "../apps.ts";
import type { Ids } from "../ids.ts";
import { Refusal } from "./refusal.ts";

/** Somebody who is signed in. */
export interface Session {
  readonly app: ConnectedApp;
  readonly user: string;
}

/** The tokens that were given out. */
export interface Sessions {
  open(app: ConnectedApp, user: string): string;
  /** Who a request's header says it is from. Refuses with 401 a token that is none, or no longer. */
  of(authorization: string | undefined): Session;
  expireAll(): void;
}

/** 401, as for a token whose time is over. */
export function expiredSession(): Refusal {
  return new Refusal(401, "INVALID_SESSION_ID", {
    message: "Session expired or invalid",
    headers: { "WWW-Authenticate": "Token" },
  });
}

/** Sessions that last so many seconds of the clock. An app that is taken away takes its sessions along. */
export function openSessions(how: {
  readonly org: string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly seconds: number;
  readonly apps: readonly ConnectedApp[];
}): Sessions {
  const open = new Map<string, Session & { readonly until: number }>();
  return {
    open: (app, user) => {
      const token = `${how.org.slice(0, 15)}!AQ${how.ids.letters(94)}`;
      open.set(token, { app, user, until: how.clock.now().getTime() + how.seconds * 1000 });
      return token;
    },
    of: (authorization) => {
      const session = open.get(/^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? "")?.[1] ?? "");
      if (!session || session.until <= how.clock.now().getTime() || !how.apps.includes(session.app)) throw expiredSession();
      return session;
    },
    expireAll: () => open.clear(),
  };
}
