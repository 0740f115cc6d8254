import { createHmac, createPublicKey, verify } from "node:crypto";
import type { ConnectedApp } from "../apps.ts";
import type { Answer, Org } from "./asked.ts";
import type { Session } from "./sessions.ts";

/** Who may sign in, and what assertions may be meant for besides the org's own address. */
export interface Door {
  readonly apps: readonly ConnectedApp[];
  readonly audiences: readonly string[];
  /** The id of a user, who is made where there is none. */
  userOf(username: string): string;
}

/** A sign-in that is refused. */
class Denied extends Error {
  readonly error: string;
  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

const badGrant = (description: string) => new Denied("invalid_grant", description);

function appOf(door: Door, clientId: string | null): ConnectedApp {
  const app = door.apps.find((one) => one.clientId === clientId);
  if (!app) throw new Denied("invalid_client_id", "client identifier invalid");
  return app;
}

/** Id and secret, which may stand in the form or in a header. */
function credentialsOf(
  form: URLSearchParams,
  authorization: string | undefined,
): readonly [id: string | null, secret: string | null] {
  const basic = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (basic === undefined) return [form.get("client_id"), form.get("client_secret")];
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":").map(decodeURIComponent);
  return [id, secret];
}

function byCredentials(door: Door, form: URLSearchParams, authorization: string | undefined): ConnectedApp {
  const [id, secret] = credentialsOf(form, authorization);
  const app = appOf(door, id);
  if (app.secret !== secret) throw new Denied("invalid_client", "invalid client credentials");
  return app;
}

function jsonOf(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw badGrant("invalid assertion");
  }
}

function expectSigned(app: ConnectedApp, assertion: string, algorithm: unknown): void {
  const cut = assertion.lastIndexOf(".");
  const signature = Buffer.from(assertion.slice(cut + 1), "base64url");
  if (app.publicKey === undefined || algorithm !== "RS256") throw badGrant("invalid assertion");
  if (!verify("RSA-SHA256", Buffer.from(assertion.slice(0, cut)), createPublicKey(app.publicKey), signature)) {
    throw badGrant("invalid assertion");
  }
}

function byAssertion(door: Door, assertion: string, own: { readonly url: string; readonly now: number }): ConnectedApp {
  const [head, claimed] = assertion.split(".");
  const claims = jsonOf(claimed);
  const app = appOf(door, String(claims["iss"]));
  expectSigned(app, assertion, jsonOf(head)["alg"]);
  if (![own.url, `${own.url}/services/oauth2/token`, ...door.audiences].includes(String(claims["aud"]))) {
    throw badGrant("audience is invalid");
  }
  if (!(Number(claims["exp"]) * 1000 > own.now)) throw badGrant("expired authorization code");
  if (claims["sub"] !== app.username) throw badGrant("user hasn't approved this consumer");
  return app;
}

const JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

function granted(org: Org, door: Door, asked: { form: URLSearchParams; authorization: string | undefined }): ConnectedApp {
  const { form, authorization } = asked;
  switch (form.get("grant_type")) {
    case "client_credentials":
      return byCredentials(door, form, authorization);
    case JWT:
      return byAssertion(door, form.get("assertion") ?? "", { url: org.url(), now: org.clock.now().getTime() });
    default:
      throw new Denied("unsupported_grant_type", "grant type not supported");
  }
}

/** Answers who wants a token. */
export function tokenFor(org: Org, door: Door, asked: { body: string; authorization: string | undefined }): Answer {
  try {
    const form = new URLSearchParams(asked.body);
    const app = granted(org, door, { form, authorization: asked.authorization });
    const user = door.userOf(app.username);
    const id = `${org.url()}/id/${org.id}/${user}`;
    const issued = String(org.clock.now().getTime());
    const token = {
      access_token: org.sessions.open(app, user),
      signature: createHmac("sha256", app.secret)
        .update(id + issued)
        .digest("base64"),
      scope: "api id",
      instance_url: org.url(),
      id,
      token_type: "Bearer",
      issued_at: issued,
    };
    return { status: 200, body: JSON.stringify(token) };
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    return { status: 400, body: JSON.stringify({ error: error.error, error_description: error.message }) };
  }
}

/** Who is signed in, as `/id/` says it. */
export function identityOf(org: Org, { user, app }: Session): Answer {
  const rest = `${org.url()}/services/data/v{version}/`;
  const name = String(org.books.find(user)?.["Name"] ?? app.username);
  const identity = {
    id: `${org.url()}/id/${org.id}/${user}`,
    asserted_user: true,
    user_id: user,
    organization_id: org.id,
    username: app.username,
    nick_name: app.username.split("@")[0],
    display_name: name,
    email: app.username,
    email_verified: true,
    first_name: null,
    last_name: name,
    timezone: "Europe/Amsterdam",
    photos: { picture: "", thumbnail: "" },
    urls: { rest, sobjects: `${rest}sobjects/`, query: `${rest}query/`, recent: `${rest}recent/` },
    active: true,
    user_type: "STANDARD",
    language: "en_US",
    locale: "nl_NL",
    utcOffset: 3600000,
    last_modified_date: "2026-01-01T00:00:00Z",
    is_app_installed: true,
  };
  return { status: 200, body: JSON.stringify(identity) };
}

/** Who is signed in, as OpenID says it. */
export function userInfoOf(org: Org, { user, app }: Session): Answer {
  const info = {
    sub: `${org.url()}/id/${org.id}/${user}`,
    user_id: user,
    organization_id: org.id,
    preferred_username: app.username,
    nickname: app.username.split("@")[0],
    name: String(org.books.find(user)?.["Name"] ?? app.username),
    email: app.username,
    email_verified: true,
    zoneinfo: "Europe/Amsterdam",
    active: true,
    user_type: "STANDARD",
    locale: "nl_NL",
  };
  return { status: 200, body: JSON.stringify(info) };
}
