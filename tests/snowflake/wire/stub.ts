import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { assignments, FORMATS, failure, nameOf, type Received, received, reply, success } from "./protocol.ts";
import { done, type Turn, usual } from "./turns.ts";

/** A request that arrived. */
export interface Arrival {
  readonly kind: "login" | "renew" | "statement" | "result" | "abort" | "delete" | "heartbeat" | "telemetry" | "chunk" | "object";
  readonly sql: string;
  /** The statement's QUERY_TAG, as sent. */
  readonly tag: string;
  /** The statement's name in this program. */
  readonly name: string;
  readonly requestId: string;
  readonly token: string | null;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A statement that was executed, and by whom. */
export interface Executed {
  readonly sql: string;
  readonly session: string;
}

/** Which statements: by their text, or by their name. */
export type Which = RegExp | string;

const isMeant = (which: Which, { sql, name }: Arrival) => (typeof which === "string" ? name === which : which.test(sql));

interface Rule {
  readonly which: Which;
  readonly turns: Turn[];
  readonly always: ((arrival: Arrival) => Turn) | null;
}

interface At {
  readonly arrival: Arrival;
  readonly session: SessionState;
  readonly id: string;
}

interface SessionState {
  readonly name: string;
  isGone: boolean;
  renewals: number;
  isTokenOld: boolean;
  isMasterOld: boolean;
  parameters: Record<string, string>;
}

const TOKEN_OLD = failure("390112", "Your session has expired. Please login again.");
const parameters = (values: Readonly<Record<string, string>>) => Object.entries(values).map(([name, value]) => ({ name, value }));
const ended = (response: ServerResponse) => response.destroyed || response.writableEnded;
/**
 * A server that speaks the driver's own protocol and does with each statement what a script says: what no emulator does. It
 * executes nothing; what it would have executed is kept. Rules are asked newest first; a rule's turns are used up one by one.
 */
export class Stub implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  readonly executed: Executed[] = [];
  /** The data of each login request. */
  readonly logins: Readonly<Record<string, unknown>>[] = [];
  /** A request that was executed is answered, not executed, when its id arrives again. Nothing of ours may rely on it. */
  remembersRequests = false;
  /** What a login is answered with; null: it signs in. */
  login: Turn[] = [];
  /** What a renewal, a cancellation and the end of a session are answered with, when not as usual. */
  readonly instead: Partial<Record<"renew" | "abort" | "delete", Turn>> = {};
  /** HTTP status that the storage gives an upload. */
  storage = 200;

  private readonly rules: Rule[] = [];
  private readonly sessions: SessionState[] = [];
  private readonly results = new Map<string, { turn: Turn; arrival: Arrival; session: SessionState; asked: number }>();
  private readonly chunks = new Map<string, string | null>();
  private readonly remembered = new Map<string, Turn>();
  private readonly news = new EventEmitter().setMaxListeners(0);
  private readonly server: Server;
  private queries = 0;
  private open = 0;

  readonly url: string;

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Stub> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stub = new Stub(server);
    server.on("request", (request, response) => {
      stub.open += 1;
      response.once("close", () => {
        stub.open -= 1;
        stub.news.emit("closed");
      });
      stub.serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
    });
    return stub;
  }

  /** Statements that match are answered by these turns, one after the other, and then as usual. */
  on(which: Which, ...turns: Turn[]): void {
    this.rules.unshift({ which, turns, always: null });
  }

  /** Statements that match are always answered like this. */
  always(which: Which, turn: (arrival: Arrival) => Turn): void {
    this.rules.unshift({ which, turns: [], always: turn });
  }

  /** Statements that match no rule are answered like this. */
  underneath(turn: (arrival: Arrival) => Turn): void {
    this.rules.push({ which: /^/, turns: [], always: turn });
  }

  /** Statements that arrived, in order, sent again or not. */
  get statements(): string[] {
    return this.arrivals.filter((a) => a.kind === "statement").map((a) => a.sql);
  }

  /** The same without what sets a session up. */
  get asked(): string[] {
    return this.arrivals.filter((a) => a.kind === "statement" && a.name !== "session").map((a) => a.sql);
  }

  count(kind: Arrival["kind"], which: Which = /^/): number {
    return this.arrivals.filter((a) => a.kind === kind && isMeant(which, a)).length;
  }

  /** Resolves with the n-th such request, come already or yet to come. */
  async arrival(kind: Arrival["kind"], which: Which = /^/, turn = 1): Promise<Arrival> {
    for (;;) {
      const found = this.arrivals.filter((a) => a.kind === kind && isMeant(which, a))[turn - 1];
      if (found) return found;
      await new Promise((resolve) => this.news.once("arrival", resolve));
    }
  }

  /** Resolves once no request is left without an answer. */
  async quiet(): Promise<void> {
    while (this.open > 0) await new Promise((resolve) => this.news.once("closed", resolve));
  }

  /** All session tokens given so far are refused from now on. */
  expireSessions(): void {
    for (const session of this.sessions) session.isTokenOld = true;
  }

  /** No session can renew its token any more. */
  expireMasters(): void {
    for (const session of this.sessions) session.isMasterOld = true;
  }

  /** The sessions are not known any more. */
  forgetSessions(): void {
    for (const session of this.sessions) session.isGone = true;
  }

  /** From now on nobody listens. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.server.listening) await this.stop();
  }

  private note(kind: Arrival["kind"], { body, query, token }: Received): Arrival {
    const parameters = (body["parameters"] ?? {}) as Record<string, string>;
    const arrival: Arrival = {
      kind,
      sql: String(body["sqlText"] ?? ""),
      tag: parameters["QUERY_TAG"] ?? "",
      name: nameOf(parameters["QUERY_TAG"] ?? ""),
      requestId: query.get("requestId") ?? String(body["requestId"] ?? ""),
      token,
      query,
      body,
    };
    this.arrivals.push(arrival);
    this.news.emit("arrival");
    return arrival;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = await received(request);
    const { path } = found;
    if (path === "/session/v1/login-request") return this.signIn(this.note("login", found), response);
    if (path === "/session/token-request") return this.renew(this.note("renew", found), response);
    if (path === "/queries/v1/query-request") return this.statement(this.note("statement", found), response);
    if (path.endsWith("/abort-request")) return this.simple("abort", found, response);
    if (path === "/session") return this.goodbye(found, response);
    if (path === "/session/heartbeat") return this.simple("heartbeat", found, response);
    if (path === "/telemetry/send") return this.simple("telemetry", found, response);
    if (path.startsWith("/chunks/")) return this.chunk(found, response);
    if (path.startsWith("/bucket/")) return this.object(found, response);
    const id = /^\/queries\/([^/]+)\/result$/.exec(path)?.[1];
    if (id === undefined) response.writeHead(404).end();
    else {
      this.note("result", found);
      await this.later(id, response);
    }
  }

  private simple(kind: "abort" | "delete" | "heartbeat" | "telemetry", found: Received, response: ServerResponse): void {
    this.note(kind, found);
    const other = kind === "abort" || kind === "delete" ? this.instead[kind] : undefined;
    if (other) this.plain(other, response, {});
    else reply(response, success({}));
  }

  private goodbye(found: Received, response: ServerResponse): void {
    const session = this.sessionOf(found.token);
    if (session && !this.instead.delete) session.isGone = true;
    this.simple("delete", found, response);
  }

  /** A turn that needs no statement. */
  private plain(turn: Turn, response: ServerResponse, data: Readonly<Record<string, unknown>>): void {
    if (turn.does === "refuse") {
      const { code, says, sqlState } = turn;
      reply(response, failure(code, says, sqlState === null ? null : { sqlState, queryId: data["queryId"] }));
    } else if (turn.does === "status") response.writeHead(turn.status, { "content-type": turn.type }).end(turn.body);
    else if (turn.does === "cut") response.destroy();
    else if (turn.does === "wait") void turn.until.then(() => ended(response) || this.plain(turn.next, response, data));
    else reply(response, success(data));
  }

  private signIn({ body }: Arrival, response: ServerResponse): void {
    this.logins.push(body["data"] as Record<string, unknown>);
    const name = `s${this.sessions.length + 1}`;
    const turn = this.login.shift() ?? done();
    if (turn.does === "answer" || turn.does === "wait") {
      this.sessions.push({
        name,
        isGone: false,
        renewals: 0,
        isTokenOld: false,
        isMasterOld: false,
        parameters: { ...FORMATS },
      });
    }
    this.plain(turn, response, {
      token: `${name}.0`,
      masterToken: `master.${name}`,
      validityInSeconds: 3600,
      masterValidityInSeconds: 14400,
      sessionId: this.sessions.length,
      parameters: parameters({ ...FORMATS }),
    });
  }

  private sessionOf(token: string | null): SessionState | undefined {
    return this.sessions.find((s) => `${s.name}.${s.renewals}` === token);
  }

  private renew({ token }: Arrival, response: ServerResponse): void {
    const session = this.sessions.find((s) => `master.${s.name}` === token);
    if (this.instead.renew) {
      this.plain(this.instead.renew, response, {});
      return;
    }
    if (!session || session.isMasterOld) {
      reply(response, failure("390114", "Authentication token has expired."));
      return;
    }
    session.renewals += 1;
    session.isTokenOld = false;
    const tokens = { sessionToken: `${session.name}.${session.renewals}`, masterToken: token };
    reply(response, success({ ...tokens, validityInSecondsST: 3600, validityInSecondsMT: 14400 }));
  }

  private turnOf(arrival: Arrival): Turn {
    const rule = this.rules.find((r) => isMeant(r.which, arrival) && (r.always !== null || r.turns.length > 0));
    return rule?.always?.(arrival) ?? rule?.turns.shift() ?? usual(arrival.sql);
  }

  private statement(arrival: Arrival, response: ServerResponse): void {
    const session = this.sessionOf(arrival.token);
    if (!session || session.isGone) reply(response, failure("390111", "Session no longer exists. New login required."));
    else if (session.isTokenOld) reply(response, TOKEN_OLD);
    else {
      this.queries += 1;
      const at = { arrival, session, id: `query-${this.queries}` };
      const known = this.remembersRequests ? this.remembered.get(arrival.requestId) : undefined;
      if (known) this.answer(known, response, at);
      else this.perform(this.turnOf(arrival), response, at);
    }
  }

  private execute({ arrival, session }: At, turn: Turn): void {
    this.executed.push({ sql: arrival.sql, session: session.name });
    this.remembered.set(arrival.requestId, turn);
    Object.assign(session.parameters, assignments(arrival.sql));
  }

  private perform(turn: Turn, response: ServerResponse, at: At): void {
    if (turn.does === "cut") {
      if (turn.moment === "after") this.execute(at, turn.next);
      response.destroy();
    } else if (turn.does === "wait" && turn.how === "silent") {
      void turn.until.then(() => ended(response) || this.perform(turn.next, response, at));
    } else if (turn.does === "wait") {
      this.results.set(at.id, { ...at, turn, asked: 0 });
      reply(response, this.underWay(at.id, "333333"));
    } else {
      if (turn.does === "answer" || turn.does === "upload") this.execute(at, turn);
      this.answer(turn, response, at);
    }
  }

  private underWay(id: string, code: string): unknown {
    return {
      data: { queryId: id, getResultUrl: `/queries/${id}/result` },
      code,
      message: "Query execution in progress.",
      success: true,
    };
  }

  /** Who asks for the first time is told to ask again; who asks again waits. */
  private async later(id: string, response: ServerResponse): Promise<void> {
    const found = this.results.get(id);
    if (!found) return reply(response, failure("000709", "Statement not found", { sqlState: "02000" }));
    const { turn, arrival, session } = found;
    found.asked += 1;
    if (turn.does !== "wait") return this.answer(turn, response, { arrival, session, id });
    if (session.isTokenOld) return reply(response, TOKEN_OLD);
    if (found.asked === 1) return reply(response, this.underWay(id, "333334"));
    await turn.until;
    this.results.set(id, { ...found, turn: turn.next });
    if (!ended(response)) this.perform(turn.next, response, { arrival, session, id });
  }

  private answer(turn: Turn, response: ServerResponse, { arrival, session, id }: At): void {
    if (turn.does === "upload") reply(response, success({ queryId: id, ...this.upload(arrival.sql, turn.stage) }));
    else if (turn.does === "answer") reply(response, success(this.result(turn, session, id)));
    else this.plain(turn, response, { queryId: id });
  }

  private result(turn: Extract<Turn, { does: "answer" }>, session: SessionState, id: string): unknown {
    const chunks = (turn.chunks ?? []).map(({ says, body }, i) => {
      const path = `/chunks/${id}-${i}`;
      this.chunks.set(path, body);
      return { url: `${this.url}${path}`, rowCount: says, uncompressedSize: 1, compressedSize: 1 };
    });
    const returned = turn.says ?? turn.rows.length;
    return {
      queryId: id,
      rowtype: turn.columns.map((c) => ({ nullable: true, length: null, precision: null, scale: null, ...c })),
      rowset: turn.rows,
      returned,
      total: returned,
      version: 1,
      statementTypeId: turn.statementType,
      queryResultFormat: "json",
      parameters: parameters(session.parameters),
      ...(chunks.length === 0 ? {} : { chunks, chunkHeaders: {} }),
    };
  }

  /** The order that Snowflake gives for a PUT: it repeats the options of the statement. */
  private upload(sql: string, stage: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return {
      command: "UPLOAD",
      src_locations: [/'file:\/\/([^']+)'/.exec(sql)?.[1] ?? ""],
      autoCompress: /AUTO_COMPRESS=TRUE/.test(sql),
      sourceCompression: (/SOURCE_COMPRESSION=(\w+)/.exec(sql)?.[1] ?? "auto_detect").toLowerCase(),
      overwrite: /OVERWRITE=TRUE/.test(sql),
      parallel: 4,
      stageInfo: { creds: {}, region: "US", endPoint: this.url, ...stage },
    };
  }

  private chunk(found: Received, response: ServerResponse): void {
    this.note("chunk", found);
    const body = this.chunks.get(found.path) ?? null;
    if (body === null) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "text/plain" }).end(body);
  }

  private object(found: Received, response: ServerResponse): void {
    this.note("object", found);
    response.writeHead(this.storage, { "content-type": "text/plain" }).end();
  }
}
