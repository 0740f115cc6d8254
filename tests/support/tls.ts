import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Makes certificates with `openssl`, which Node has no means for. The server's is for 127.0.0.1 alone. */
export function makeCertificates(client: string): Certificates {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "ledgerloop-tls-"));
  chmodSync(folder, 0o711);
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const authority = (name: string) =>
    openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.crt`,
    );
  authority("ca");
  authority("stranger");
  const signed = (name: string, extension: string) => {
    writeFileSync(at(`${name}.ext`), extension);
    openssl(
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "30",
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.crt`,
    );
  };
  signed("server", "subjectAltName=IP:127.0.0.1");
  signed(client, "extendedKeyUsage=clientAuth");
  chmodSync(at("server.key"), 0o600);
  const account = serverAccount();
  if ("uid" in account) for (const name of ["server.key", "server.crt", "ca.crt"]) chownSync(at(name), account.uid, account.gid);
  return {
    folder,
    authority: at("ca.crt"),
    stranger: at("stranger.crt"),
    clientCert: at(`${client}.crt`),
    clientKey: at(`${client}.key`),
    settings: { ssl: "on", ssl_cert_file: at("server.crt"), ssl_key_file: at("server.key"), ssl_ca_file: at("ca.crt") },
  };
}
