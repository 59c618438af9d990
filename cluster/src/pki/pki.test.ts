import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createAuthority } from "./certificate.ts";
import { writeClusterPki } from "./cluster-pki.ts";

describe("a certificate authority", async () => {
  const authority = await createAuthority("test-ca");
  const ca = new X509Certificate(authority.cert);

  it("is a self-signed certificate authority", () => {
    expect(ca.ca).toBe(true);
    expect(ca.verify(createPublicKey(authority.cert))).toBe(true);
    expect(ca.subject).toBe("CN=test-ca");
  });

  it("issues client certificates that carry user and groups", async () => {
    const leaf = new X509Certificate(
      (await authority.issue({ usage: "client", commonName: "jane", organizations: ["one", "two"] })).cert,
    );
    expect(leaf.subject).toBe("O=one\nO=two\nCN=jane");
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.verify(new X509Certificate((await createAuthority("other")).cert).publicKey)).toBe(false);
  });

  it("issues server certificates for exactly the hosts named", async () => {
    const leaf = new X509Certificate(
      (await authority.issue({ usage: "server", commonName: "x", hosts: ["a.example", "10.1.2.3"] })).cert,
    );
    expect(leaf.checkHost("a.example")).toBe("a.example");
    expect(leaf.checkHost("b.example")).toBeUndefined();
    expect(leaf.checkIP("10.1.2.3")).toBe("10.1.2.3");
    expect(leaf.checkIP("10.1.2.4")).toBeUndefined();
    await expect(authority.issue({ usage: "server", commonName: "x", hosts: ["::1"] })).rejects.toThrow(/IPv4/);
  });

  it("is valid for years, from a little before now", () => {
    expect(Date.parse(ca.validFrom)).toBeLessThan(Date.now() - 30 * 60_000);
    expect(Date.parse(ca.validTo)).toBeGreaterThan(Date.now() + 9 * 365 * 24 * 3600_000);
  });

  it("issues pairs that a TLS handshake accepts in both directions", async () => {
    const server = await authority.issue({ usage: "server", commonName: "s", hosts: ["127.0.0.1"] });
    const client = await authority.issue({ usage: "client", commonName: "c" });
    const listening = createServer({ ...server, ca: authority.cert, requestCert: true }, (_, response) =>
      response.end("welcome"),
    );
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const answer = await new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port: (listening.address() as AddressInfo).port,
        ca: authority.cert,
        ...client,
      };
      request(options, (response) => response.setEncoding("utf8").on("data", resolve))
        .once("error", reject)
        .end();
    });
    listening.close();
    expect(answer).toBe("welcome");
  });
});

describe("a cluster's keys", async () => {
  const dir = mkdtempSync(join(tmpdir(), "ta-pki-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const options = { serverHosts: ["198.18.0.2"], nodeName: "n1", nodeAddress: "198.18.0.2" };
  await writeClusterPki(dir, options);
  const cert = (name: string) => new X509Certificate(readFileSync(join(dir, `${name}.crt`)));

  it("name each component as Kubernetes expects it", () => {
    const subjects = [
      "admin",
      "kubelet",
      "controller-manager",
      "scheduler",
      "kube-proxy",
      "apiserver-kubelet-client",
      "front-proxy-client",
    ];
    expect(Object.fromEntries(subjects.map((name) => [name, cert(name).subject]))).toEqual({
      admin: "O=system:masters\nCN=admin",
      kubelet: "O=system:nodes\nCN=system:node:n1",
      "controller-manager": "CN=system:kube-controller-manager",
      scheduler: "CN=system:kube-scheduler",
      "kube-proxy": "CN=system:kube-proxy",
      "apiserver-kubelet-client": "CN=kube-apiserver",
      "front-proxy-client": "CN=system:auth-proxy",
    });
  });

  it("let the API server be reached by every name it has", () => {
    for (const host of ["kubernetes", "kubernetes.default.svc.cluster.local", "localhost"])
      expect(cert("apiserver").checkHost(host)).toBe(host);
    for (const address of ["127.0.0.1", "10.96.0.1", "198.18.0.2"])
      expect(cert("apiserver").checkIP(address)).toBe(address);
  });

  it("come from three authorities that do not trust each other", () => {
    expect(cert("admin").checkIssued(cert("client-ca"))).toBe(true);
    expect(cert("admin").checkIssued(cert("server-ca"))).toBe(false);
    expect(cert("front-proxy-client").checkIssued(cert("front-proxy-ca"))).toBe(true);
    expect(cert("front-proxy-client").checkIssued(cert("client-ca"))).toBe(false);
    expect(cert("apiserver").checkIssued(cert("server-ca"))).toBe(true);
  });

  it("are readable only by their owner and stay the same when written again", async () => {
    expect(statSync(join(dir, "admin.key")).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "service-account.key")).mode & 0o777).toBe(0o600);
    const before = readFileSync(join(dir, "admin.crt"), "utf8");
    await writeClusterPki(dir, options);
    expect(readFileSync(join(dir, "admin.crt"), "utf8")).toBe(before);
  });
});
