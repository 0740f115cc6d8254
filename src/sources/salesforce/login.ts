import { createPrivateKey, sign } from "node:crypto";
import { Failure } from "../../kernel/problem.ts";
import { bodyOf } from "../http-body.ts";
import { type HttpClient, httpClient } from "../http-client.ts";
import type { HttpClientOptions } from "../http-request.ts";
import { readSecret, type Secret } from "../secret.ts";
import { jsonOf } from "./answers.ts";
import { loginAnswer, loginRefused, otherAddress, privateKeyForm } from "./problems.ts";
import type { SalesforceSettings } from "./salesforce-kind.ts";

/** Seconds that an assertion is good for; Salesforce takes none of more than five minutes. */
const ASSERTION_SECONDS = 180;
const LONGEST_ANSWER = 64 * 1024;
const BAD_REQUEST = [400, 401, 403];

/** What logging in works with. */
export interface LoginTools {
  readonly source: string;
  readonly settings: SalesforceSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: { now(): Date };
  readonly signal: AbortSignal;
  readonly client: Omit<HttpClientOptions, "headers">;
}

/** The token of this process, which nobody writes down. */
export interface Tokens {
  /** The token that is in use; one is asked for where none is. @throws Failure `usage` for a key that is none, `incomplete` where it is refused. */
  current(): Promise<string>;
  /** Forgets a token that is not taken any more. */
  expire(token: string): void;
}

const base64url = (text: string) => Buffer.from(text).toString("base64url");

/** The assertion of the JWT bearer flow (RFC 7523), signed with RS256; its audience is the org's My Domain. */
function assertionOf({ source, clientId, username, privateKey, address, now }: AssertionOf): string {
  const claims = {
    iss: clientId,
    sub: username,
    aud: new URL(address).origin,
    exp: Math.floor(now.getTime() / 1000) + ASSERTION_SECONDS,
  };
  const signed = `${base64url(JSON.stringify({ alg: "RS256", typ: "JWT" }))}.${base64url(JSON.stringify(claims))}`;
  try {
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), createPrivateKey(privateKey)).toString("base64url")}`;
  } catch {
    // What it says of the key may quote it.
    throw new Failure("usage", privateKeyForm(source));
  }
}

interface AssertionOf {
  readonly source: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKey: string;
  readonly address: string;
  readonly now: Date;
}

async function formOf({ source, settings, env, clock }: LoginTools): Promise<Record<string, string>> {
  const { login, address } = settings;
  const secret = (of: Secret) => readSecret(of, { source, env });
  const clientId = await secret(login.clientId);
  if (login.flow === "client_credentials") {
    return { grant_type: "client_credentials", client_id: clientId, client_secret: await secret(login.clientSecret) };
  }
  const privateKey = await secret(login.privateKey);
  const { username } = login;
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: assertionOf({ source, clientId, username, privateKey, address, now: clock.now() }),
  };
}

/** The word of OAuth for a refusal: `invalid_client`. */
function refusalOf(body: unknown): string {
  const word = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  return typeof word === "string" && /^[a-z_]{1,60}$/.test(word) ? word : "unknown";
}

async function mint(tools: LoginTools, client: HttpClient): Promise<string> {
  const { source, settings, signal } = tools;
  const form = await formOf(tools);
  const request = {
    name: "log in",
    method: "POST" as const,
    path: "services/oauth2/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    isIdempotent: true,
    accepts: BAD_REQUEST,
    maxBytes: LONGEST_ANSWER,
    signal,
  };
  const { status, body } = await client.request(request, async (answer) => ({
    status: answer.status,
    body: jsonOf(await bodyOf(answer)),
  }));
  if (status >= 400) throw new Failure("incomplete", loginRefused({ source, reason: refusalOf(body) }));
  const { access_token: token, instance_url: instance } = (body ?? {}) as Record<string, unknown>;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) throw new Failure("incomplete", loginAnswer(source));
  if (typeof instance === "string" && URL.canParse(instance) && new URL(instance).origin !== new URL(settings.address).origin) {
    throw new Failure("usage", otherAddress({ source, address: new URL(instance).origin }));
  }
  return token;
}

/** Tokens of an org's connected app; one for as long as it is taken. */
export function tokensOf(tools: LoginTools): Tokens {
  const client = httpClient({ ...tools.client, headers: async () => ({}) });
  let current: Promise<string> | null = null;
  let known: string | null = null;
  const renew = async () => {
    known = await mint(tools, client);
    return known;
  };
  return {
    current: () => {
      current ??= renew().catch((error: unknown) => {
        current = null;
        throw error;
      });
      return current;
    },
    expire: (token) => {
      if (known === token) current = null;
    },
  };
}
