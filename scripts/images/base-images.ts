import { cp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Buildah, hasImage, imageFromRootfs, WORK } from "./buildah.ts";
import { hashOf } from "./inputs.ts";
import {
  addBusybox,
  addNode,
  BUILD_PACKAGES,
  CLIENT_PACKAGES,
  makeRootfs,
  POSTGRES_PACKAGES,
  RUNTIME_PACKAGES,
} from "./rootfs.ts";

/** The images that the Dockerfile's build arguments name when no registry can be reached. */
export interface BaseImages {
  build: string;
  runtime: string;
  /** PostgreSQL's client programs of every supported version. */
  clients: string;
}

const NONROOT = { name: "nonroot", uid: 65532, home: "/home/nonroot" };
const SHELL = "sh env ls cat cp mv rm mkdir chmod ln sed grep touch sleep dirname basename uname test id".split(" ");
const here = import.meta.dirname;

/**
 * Builds the base images of the Dockerfile's stages from Debian packages and the Node.js that runs this script. An image that
 * exists already is kept.
 */
export async function makeBaseImages(
  buildah: Buildah,
  cacheDir: string,
  say: (text: string) => void,
): Promise<BaseImages> {
  const recipe = await hashOf(
    [join(here, "rootfs.ts"), join(here, "debian.ts"), join(here, "base-images.ts")],
    [process.version],
  );
  const images = {
    build: `localhost/taskassistant/build:${recipe}`,
    runtime: `localhost/taskassistant/runtime:${recipe}`,
    clients: `localhost/taskassistant/clients:${recipe}`,
  };
  if (!(await hasImage(buildah, images.runtime))) {
    say("base image: Node.js on Debian packages");
    await inRootfs(cacheDir, async (root) => {
      await makeRootfs(root, RUNTIME_PACKAGES, NONROOT, cacheDir);
      await addNode(root);
      const config = ["--user", "65532:65532", "--entrypoint", '["/nodejs/bin/node"]', "--workingdir", "/app"];
      const env = ["--env", "PATH=/nodejs/bin:/usr/bin", "--env", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"];
      await imageFromRootfs(buildah, root, images.runtime, [...config, ...env]);
    });
  }
  if (!(await hasImage(buildah, images.build))) {
    say("build image: Node.js, npm and a shell on Debian packages");
    await inRootfs(cacheDir, async (root) => {
      await makeRootfs(root, BUILD_PACKAGES, NONROOT, cacheDir);
      await addNode(root, { npmFrom: npmFolder() });
      await addBusybox(root, SHELL);
      await imageFromRootfs(buildah, root, images.build, ["--env", "PATH=/nodejs/bin:/usr/bin"]);
    });
  }
  if (!(await hasImage(buildah, images.clients))) {
    say("clients image: pg_dump and its like of every supported PostgreSQL");
    await inRootfs(cacheDir, async (root) => {
      await makeRootfs(root, CLIENT_PACKAGES, NONROOT, cacheDir);
      await addBusybox(root, SHELL);
      await imageFromRootfs(buildah, root, images.clients, ["--env", "PATH=/usr/bin"]);
    });
  }
  return images;
}

/** Builds a PostgreSQL image that takes the same variables, paths and commands as the official one, under the name `image`. */
export async function makePostgresImage(
  buildah: Buildah,
  image: string,
  cacheDir: string,
  say: (text: string) => void,
): Promise<void> {
  say("postgres image: PostgreSQL 17 from Debian packages");
  await inRootfs(cacheDir, async (root) => {
    await makePostgresRootfs(root, cacheDir);
    const path = "PATH=/usr/lib/postgresql/17/bin:/usr/bin:/usr/sbin";
    const config = [
      "--user",
      "999:999",
      "--env",
      path,
      "--env",
      "PGDATA=/var/lib/postgresql/data",
      "--env",
      "LANG=C.UTF-8",
    ];
    const start = [
      "--entrypoint",
      '["docker-entrypoint.sh"]',
      "--cmd",
      "postgres",
      "--port",
      "5432",
      "--stop-signal",
      "SIGINT",
    ];
    await imageFromRootfs(buildah, root, image, [...config, ...start]);
  });
}

/** Fills `root` with the file system of the PostgreSQL image. */
export async function makePostgresRootfs(root: string, cacheDir: string): Promise<void> {
  await makeRootfs(root, POSTGRES_PACKAGES, { name: "postgres", uid: 999, home: "/var/lib/postgresql" }, cacheDir);
  await addBusybox(root, [...SHELL, "id", "printf", "date", "hostname"]);
  await cp(join(here, "postgres-entrypoint.sh"), join(root, "usr/bin/docker-entrypoint.sh"));
  for (const unused of ["usr/lib/postgresql/17/lib/bitcode", "usr/share/postgresql/17/man"]) {
    await rm(join(root, unused), { recursive: true, force: true });
  }
}

/** The files that determine the PostgreSQL image, for its content hash. */
export function postgresInputs(): string[] {
  return ["rootfs.ts", "debian.ts", "base-images.ts", "postgres-entrypoint.sh"].map((name) => join(here, name));
}

async function inRootfs(cacheDir: string, fill: (root: string) => Promise<void>): Promise<void> {
  const root = join(cacheDir, `${WORK}rootfs`);
  try {
    await fill(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The folder of the npm that scripts/with-node installs beside this Node.js. */
function npmFolder(): string {
  return resolve(dirname(process.execPath), "../../npm");
}
