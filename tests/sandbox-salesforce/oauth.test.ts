import { createSign, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { defaultApp } from "../../sandbox/salesforce/apps.ts";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { NINE, signedIn, simulated, soql, tokenOf } from "./simulated.ts";

const CREDENTIALS = { grant_type: "client_credentials", client_id: "3MVG9sandbox0000", client_secret: "sandbox-secret" };
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString();

function assertion(salesforce: Salesforce, claims: Record<string, unknown> = {}, key = keys.privateKey): Record<string, string> {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { clientId, username } = salesforce.apps[0] ?? defaultApp();
  const own = { iss: clientId, sub: username, aud: salesforce.url, exp: NINE.getTime() / 1000 + 180 };
  const signed = `${encoded({ alg: "RS256" })}.${encoded({ ...own, ...claims })}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(key, "base64url");
  return { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: `${signed}.${signature}` };
}

test("client credentials give a token, the org's address and who it is for", async () => {
  const salesforce = await simulated();
  const { status, body } = await tokenOf(salesforce, CREDENTIALS);
  expect([status, body["token_type"], body["instance_url"]]).toEqual([200, "Bearer", salesforce.url]);
  expect(body["access_token"]).toMatch(/^00D5j0000000001!/);
  const identity = await fetch(String(body["id"]), { headers: { Authorization: `Bearer ${body["access_token"]}` } });
  expect(await identity.json()).toMatchObject({ organization_id: salesforce.orgId, username: "integration@sandbox.example" });
});

test.each([
  [{ client_id: "nobody" }, "invalid_client_id"],
  [{ client_secret: "wrong" }, "invalid_client"],
  [{ grant_type: "password" }, "unsupported_grant_type"],
])("%o is refused as %s", async (wrong, error) => {
  const { status, body } = await tokenOf(await simulated(), { ...CREDENTIALS, ...wrong });
  expect([status, body["error"]]).toEqual([400, error]);
});

test("a signed assertion is good for the org's own address, the app's user and a while", async () => {
  const salesforce = await simulated({ apps: [{ ...defaultApp(), publicKey }] });
  const told = async (form: Record<string, string>) => {
    const { status, body } = await tokenOf(salesforce, form);
    return status === 200 ? "token" : `${body["error"]}: ${body["error_description"]}`;
  };
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  expect(await told(assertion(salesforce))).toBe("token");
  expect(await told(assertion(salesforce, { aud: "https://login.salesforce.com" }))).toBe("invalid_grant: audience is invalid");
  expect(await told(assertion(salesforce, { exp: NINE.getTime() / 1000 }))).toBe("invalid_grant: expired authorization code");
  expect(await told(assertion(salesforce, { sub: "anna@sandbox.example" }))).toMatch("hasn't approved this consumer");
  expect(await told(assertion(salesforce, {}, other))).toBe("invalid_grant: invalid assertion");
  expect(await told({ ...assertion(salesforce), assertion: "a.b.c" })).toBe("invalid_grant: invalid assertion");
});

test("a token lasts as long as it should, or until all are taken back", async () => {
  const salesforce = await simulated({ tokenSeconds: 600 });
  const query = soql("SELECT Id FROM Account");
  const ask = await signedIn(salesforce);
  salesforce.clock.advance(599);
  expect((await ask(query)).status).toBe(200);
  salesforce.clock.advance(1);
  const { status, json } = await ask(query);
  expect([status, json]).toEqual([401, [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }]]);
  const again = await signedIn(salesforce);
  salesforce.tokens.expireAll();
  expect((await again(query)).status).toBe(401);
});

test("versions are told to anybody, and one that is none is not found", async () => {
  const salesforce = await simulated();
  const versions = await (await fetch(`${salesforce.url}/services/data`)).json();
  expect(versions).toMatchObject([{ version: "62.0" }, { url: "/services/data/v66.0" }]);
  const ask = await signedIn(salesforce);
  const { status, json } = await ask("/limits", { version: "99.0" });
  expect([status, json[0].errorCode]).toEqual([404, "NOT_FOUND"]);
});

test("the day's requests are counted by the clock, and refused once they are used up", async () => {
  const salesforce = await simulated({ dailyRequests: 2, tokenSeconds: 1e6 });
  const ask = await signedIn(salesforce);
  const info = async () => (await ask("/limits")).headers.get("Sforce-Limit-Info");
  expect([await info(), await info()]).toEqual(["api-usage=1/2", "api-usage=2/2"]);
  const { status, json } = await ask("/limits");
  expect([status, json[0].errorCode, salesforce.limits.used]).toEqual([403, "REQUEST_LIMIT_EXCEEDED", 2]);
  salesforce.clock.advance(24 * 3600);
  expect(await info()).toBe("api-usage=1/2");
  salesforce.limits.used = 1;
  expect((await ask("/limits")).json.DailyApiRequests).toEqual({ Max: 2, Remaining: 0 });
});
