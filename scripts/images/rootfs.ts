import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackPackages } from "./debian.ts";

/**
 * Debian packages that a Node.js program needs: libc, the C++ runtime, certificates, time zones and names of protocols. There
 * is no shell and no package manager.
 */
export const RUNTIME_PACKAGES = [
  "base-files",
  "netbase",
  "tzdata",
  "ca-certificates",
  "libc6",
  "libgcc-s1",
  "libstdc++6",
];
/** Debian packages of a build stage, which also needs a shell. */
export const BUILD_PACKAGES = [...RUNTIME_PACKAGES, "busybox-static"];
/** PostgreSQL 17 and its libraries, without perl and LLVM, and what lets it run under any user. */
export const POSTGRES_PACKAGES = (
  "postgresql-17 postgresql-client-17 libpq5 libssl3t64 libicu76 libxml2 libldap2 libsasl2-2 libsasl2-modules-db libdb5.3t64 " +
  "libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1 libpam0g libaudit1 libcap-ng0 libsystemd0 " +
  "libcap2 libgcrypt20 libgpg-error0 liblz4-1 libzstd1 zlib1g liblzma5 libxslt1.1 libreadline8t64 libtinfo6 libuuid1 libxxhash0 " +
  "libstdc++6 libgcc-s1 libc6 libc-bin libselinux1 libpcre2-8-0 libffi8 libedit2 libbsd0 libmd0 libnuma1 liburing2 base-files " +
  "netbase tzdata busybox-static libnss-wrapper"
).split(" ");

/**
 * PostgreSQL's client programs, one version for each that is supported, and their libraries. Programs of every version work with
 * the newest libpq.
 */
export const CLIENT_PACKAGES = (
  "postgresql-client-17 postgresql-client-18/sid libpq5/sid libssl3t64 libldap2 libsasl2-2 libgssapi-krb5-2 libkrb5-3 " +
  "libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1 liblz4-1 libzstd1 libxxhash0 zlib1g libreadline8t64 " +
  "libtinfo6 busybox-static"
).split(" ");

interface User {
  name: string;
  uid: number;
  home: string;
}

/**
 * Replaces `root` by a Debian file system with the named packages, one unprivileged user and a file with all trusted
 * certificates.
 */
export async function makeRootfs(root: string, packages: string[], user: User, cacheDir: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  // Packages expect Debian's merged /usr, so these links must exist before the first one is unpacked.
  for (const dir of ["bin", "sbin", "lib", "lib64"]) {
    await mkdir(join(root, "usr", dir), { recursive: true });
    await symlink(`usr/${dir}`, join(root, dir));
  }
  await unpackPackages(packages, root, cacheDir);
  await writeUsers(root, user);
  await writeCertificates(root);
  await mkdir(join(root, "tmp"), { recursive: true, mode: 0o1777 });
  for (const dir of ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/bug"]) {
    await rm(join(root, dir), { recursive: true, force: true });
  }
}

/** Links the named busybox tools, such as the shell, into /usr/bin. */
export async function addBusybox(root: string, applets: string[]): Promise<void> {
  for (const applet of applets) {
    await symlink("busybox", join(root, "usr/bin", applet)).catch(() => undefined);
  }
}

/** Copies the Node.js that runs this script and, from the folder `npmFrom`, npm. */
export async function addNode(root: string, options: { npmFrom?: string } = {}): Promise<void> {
  await mkdir(join(root, "nodejs/bin"), { recursive: true });
  await cp(process.execPath, join(root, "nodejs/bin/node"), { dereference: true });
  if (!options.npmFrom) return;
  await mkdir(join(root, "nodejs/lib"), { recursive: true });
  await cp(options.npmFrom, join(root, "nodejs/lib/npm"), { recursive: true });
  for (const name of ["npm", "npx"]) {
    const script = `#!/bin/sh\nexec /nodejs/bin/node /nodejs/lib/npm/bin/${name}-cli.js "$@"\n`;
    await writeFile(join(root, "nodejs/bin", name), script, { mode: 0o755 });
  }
}

async function writeUsers(root: string, { name, uid, home }: User): Promise<void> {
  await mkdir(join(root, "etc"), { recursive: true });
  await mkdir(join(root, home), { recursive: true });
  const passwd = `root:x:0:0:root:/root:/sbin/nologin\n${name}:x:${uid}:${uid}:${name}:${home}:/sbin/nologin\n`;
  await writeFile(join(root, "etc/passwd"), passwd);
  await writeFile(join(root, "etc/group"), `root:x:0:\n${name}:x:${uid}:\n`);
  await writeFile(join(root, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
}

async function writeCertificates(root: string): Promise<void> {
  const from = join(root, "usr/share/ca-certificates/mozilla");
  const names = await readdir(from).catch(() => []);
  if (names.length === 0) return;
  const certificates = await Promise.all(names.sort().map((name) => readFile(join(from, name), "utf8")));
  await mkdir(join(root, "etc/ssl/certs"), { recursive: true });
  await writeFile(join(root, "etc/ssl/certs/ca-certificates.crt"), certificates.join("\n"));
}
