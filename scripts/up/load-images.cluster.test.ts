import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addToStore, writeBusyboxImage } from "@taskassistant/cluster/images";
import { run, which } from "@taskassistant/cluster/machine";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { BuiltImages } from "../images/build.ts";
import { loadImages } from "./load-images.ts";

/** Loads images into the user's clusters, through a registry and through programs that load a file. */
const cache = mkdtempSync(join(tmpdir(), "ta-load-"));
const store = join(cache, "store");
const quiet = () => undefined;
let built: BuiltImages;

/** The part of a registry (OCI distribution-spec 1.1) that a push needs. It stores tags by repository and every blob. */
const tags = new Map<string, unknown>();
const blobs = new Set<string>();
const registry = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const answer = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end();
  if (pathname === "/v2/") return answer(200);
  if (request.method === "HEAD") return answer(blobs.has(pathname.split("/").at(-1) ?? "") ? 200 : 404);
  if (request.method === "POST") return answer(202, { location: `${pathname}session` });
  if (request.method === "PATCH") {
    blobs.add(digest);
    return answer(202, { location: pathname, range: `0-${body.length - 1}` });
  }
  if (pathname.includes("/manifests/")) {
    tags.set(pathname.replace("/v2/", "").replace("/manifests/", ":"), JSON.parse(String(body)));
    return answer(201, { "docker-content-digest": digest });
  }
  return answer(201, { "docker-content-digest": searchParams.get("digest") ?? digest });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const stored = async (name: "api" | "postgres", reference: string) => {
    const archive = join(cache, "image.tar");
    writeBusyboxImage(archive, reference);
    return { ...(await addToStore(store, archive, reference)), name, built: true };
  };
  const images = [
    await stored("api", "ghcr.io/taskassistant/api:0.1.0-dev.1"),
    await stored("postgres", "docker.io/library/postgres:17"),
  ];
  built = { store, images };
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  registry.close();
  rmSync(cache, { recursive: true, force: true });
});

it("pushes the project's own images to the registry and leaves PostgreSQL in its public one", async () => {
  const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const insecure = join(cache, "registries.conf");
  writeFileSync(insecure, `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);
  vi.stubEnv("CONTAINERS_REGISTRIES_CONF", insecure);
  const target = { kind: "context", context: "x", registry: `${host}/team` } as const;
  const references = await loadImages(target, built, cache, quiet);
  expect(Object.fromEntries(references)).toEqual({
    api: `${host}/team/taskassistant/api:0.1.0-dev.1`,
    postgres: "docker.io/library/postgres:17",
  });
  expect([...tags.keys()]).toEqual(["team/taskassistant/api:0.1.0-dev.1"]);
  expect(blobs.size).toBeGreaterThan(0);
});

it.each([
  ["kind", { kind: "kind", cluster: "dev", context: "kind-dev" }, "load image-archive FILE --name dev"],
  ["minikube", { kind: "minikube", profile: "dev", context: "dev" }, "image load FILE --profile dev"],
] as const)("%s loads all images from one archive, which is removed afterwards", async (program, target, words) => {
  // A fake of the program, which is not installed here. It records its arguments and the members of the archive.
  const bin = join(cache, program);
  mkdirSync(bin);
  const script = `#!/bin/sh\necho "$@" >${bin}/words\nfor word; do case $word in *.tar) ${which("tar")} -tf $word >${bin}/members;; esac; done\n`;
  writeFileSync(join(bin, program), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  const references = await loadImages(target, built, cache, quiet);
  expect(references.get("api")).toBe("ghcr.io/taskassistant/api:0.1.0-dev.1");
  const recorded = await run("cat", [join(bin, "words")], { timeoutMs: 5_000 });
  expect(recorded.trim().replace(/\S+\.tar/, "FILE")).toBe(words);
  const members = await run("cat", [join(bin, "members")], { timeoutMs: 5_000 });
  expect(members).toMatch(/^oci-layout$/m);
  expect(members).toMatch(/^manifest\.json$/m);
  const left = await run("find", [cache, "-maxdepth", "1", "-name", "work-*"], { timeoutMs: 5_000 });
  expect(left).toBe("");
});
