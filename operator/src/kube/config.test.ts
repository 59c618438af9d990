import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadKubeConfig } from "./config.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "kubeconfig-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function kubeconfig(user: object, cluster: object = {}): Promise<string> {
  const path = join(directory, "config");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "https://example.test:6443", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [
      { name: "main", context: { cluster: "c", user: "u", namespace: "shop" } },
      { name: "broken", context: { cluster: "nowhere", user: "u" } },
    ],
    "current-context": "main",
  };
  await writeFile(path, stringify(config));
  return path;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a kubeconfig", () => {
  it("provides server, namespace, certificates and verification", async () => {
    const user = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    const cluster = { "certificate-authority-data": base64("CA"), "tls-server-name": "api.internal" };
    const config = await loadKubeConfig({ env: {}, path: await kubeconfig(user, cluster) });
    expect(config.namespace).toBe("shop");
    expect(await config.credentials()).toEqual({
      server: "https://example.test:6443",
      tls: { ca: "CA", cert: "CERT", key: "KEY", servername: "api.internal" },
      headers: {},
    });
  });

  it("is read for the requested context, and the error names the context whose cluster does not exist", async () => {
    const path = await kubeconfig({ token: "t" });
    const config = await loadKubeConfig({ env: {}, path, context: "broken" });
    await expect(config.credentials()).rejects.toThrow('no context "broken"');
  });

  it("gets its token from the exec plugin, and a new one after a 401", async () => {
    const plugin = join(directory, "plugin");
    const count = join(directory, "count");
    await writeFile(count, "");
    await writeFile(
      plugin,
      `#!/bin/sh\nprintf x >>"${count}"\nn=$(wc -c <"${count}")\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-'$n'"}}'\n`,
    );
    await chmod(plugin, 0o755);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: plugin };
    const config = await loadKubeConfig({ env: {}, path: await kubeconfig({ exec }) });
    expect((await config.credentials()).headers.authorization).toBe("Bearer token-1");
    expect((await config.credentials()).headers.authorization).toBe("Bearer token-1");
    config.invalidate();
    expect((await config.credentials()).headers.authorization).toBe("Bearer token-2");
  });

  it("is read from disk again after a 401", async () => {
    const config = await loadKubeConfig({ env: {}, path: await kubeconfig({ token: "old" }) });
    expect((await config.credentials()).headers.authorization).toBe("Bearer old");
    await kubeconfig({ token: "new" });
    config.invalidate();
    expect((await config.credentials()).headers.authorization).toBe("Bearer new");
  });
});

describe("in a pod", () => {
  const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };

  async function serviceAccount(token: string): Promise<void> {
    await writeFile(join(directory, "token"), `${token}\n`);
    await writeFile(join(directory, "ca.crt"), "CA");
    await writeFile(join(directory, "namespace"), "system");
  }

  it("the credentials come from the files of the service account, which are read again after a 401", async () => {
    await serviceAccount("first");
    const config = await loadKubeConfig({ env, serviceAccountDirectory: directory });
    expect(config.namespace).toBe("system");
    expect(await config.credentials()).toEqual({
      server: "https://10.0.0.1:443",
      tls: { ca: "CA" },
      headers: { authorization: "Bearer first" },
    });
    await serviceAccount("second");
    expect((await config.credentials()).headers.authorization).toBe("Bearer first");
    config.invalidate();
    expect((await config.credentials()).headers.authorization).toBe("Bearer second");
  });

  it("an IPv6 address of the API server gets brackets", async () => {
    await serviceAccount("t");
    const six = { ...env, KUBERNETES_SERVICE_HOST: "fd00::1" };
    const config = await loadKubeConfig({ env: six, serviceAccountDirectory: directory });
    expect((await config.credentials()).server).toBe("https://[fd00::1]:443");
  });

  it("a token that can't be read is an error, and the next call reads it again", async () => {
    const config = await loadKubeConfig({ env, serviceAccountDirectory: directory });
    await expect(config.credentials()).rejects.toMatchObject({ code: "ENOENT" });
    await serviceAccount("t");
    expect((await config.credentials()).headers.authorization).toBe("Bearer t");
  });

  it("the large client library is not loaded", async () => {
    await serviceAccount("t");
    const program = `
      import { registerHooks } from "node:module";
      const imported = [];
      registerHooks({ resolve: (name, context, next) => (imported.push(name), next(name, context)) });
      const { loadKubeConfig } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const options = { env: ${JSON.stringify(env)}, serviceAccountDirectory: ${JSON.stringify(directory)} };
      await (await loadKubeConfig(options)).credentials();
      console.log(JSON.stringify(imported));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
    expect(stdout).toContain('"undici"');
    expect(stdout).not.toContain("@kubernetes/client-node");
  });
});
