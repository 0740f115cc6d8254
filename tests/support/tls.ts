import { chmodSync, chownSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { serverAccount } from "../../src/embedded/account.ts";

/** Files of an authority of its own, and of a server and a client that it vouches for. */
export interface Certificates {
  readonly folder: string;
  readonly authority: string;
  readonly stranger: string;
  readonly clientCert: string;
  readonly clientKey: string;
  /** Settings of a server that speaks TLS. */
  readonly settings: Readonly<Record<string, string>>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

const keyPair = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

type Keys = Awaited<ReturnType<typeof keyPair>>;

async function keyText(key: Keys["privateKey"]): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

const valid = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 30 * DAY_MS) });

interface Authority {
  readonly name: string;
  readonly keys: Keys;
  readonly text: string;
}

async function authorityOf(name: string): Promise<Authority> {
  const keys = await keyPair();
  const extensions = [new x509.BasicConstraintsExtension(true, undefined, true)];
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    ...valid(),
    name: `CN=${name}`,
    serialNumber: "01",
    signingAlgorithm: ALGORITHM,
    keys,
    extensions,
  });
  return { name, keys, text: made.toString("pem") };
}

async function signedBy(
  authority: Authority,
  name: string,
  extensions: x509.Extension[],
): Promise<{ cert: string; key: string }> {
  const keys = await keyPair();
  const made = await x509.X509CertificateGenerator.create({
    ...valid(),
    subject: `CN=${name}`,
    issuer: `CN=${authority.name}`,
    serialNumber: "02",
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions,
  });
  return { cert: made.toString("pem"), key: await keyText(keys.privateKey) };
}

/** Makes certificates; the server's is for 127.0.0.1 alone. `client` is the role that the client's certificate names. */
export async function makeCertificates(client: string): Promise<Certificates> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "ledgerloop-tls-"));
  chmodSync(folder, 0o711);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), `${text}\n`, { mode: name.endsWith(".key") ? 0o600 : 0o644 });
    return join(folder, name);
  };
  const [own, stranger] = [await authorityOf("ca"), await authorityOf("stranger")];
  const server = await signedBy(own, "server", [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])]);
  const user = await signedBy(own, client, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]);
  const files = { ca: write("ca.crt", own.text), cert: write("server.crt", server.cert), key: write("server.key", server.key) };
  const account = serverAccount();
  if ("uid" in account) for (const path of Object.values(files)) chownSync(path, account.uid, account.gid);
  return {
    folder,
    authority: files.ca,
    stranger: write("stranger.crt", stranger.text),
    clientCert: write("client.crt", user.cert),
    clientKey: write("client.key", user.key),
    settings: { ssl: "on", ssl_cert_file: files.cert, ssl_key_file: files.key, ssl_ca_file: files.ca },
  };
}
