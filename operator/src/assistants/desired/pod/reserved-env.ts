/**
 * Which environment variables a resource may set. The pattern of each family is matched against the whole name, in any mix
 * of capitals. `crds/taskassistants.yaml` holds the same patterns, so that the API server refuses the name at once.
 */
interface Family {
  /** What is wrong with them, as the end of a sentence: `NODE_PATH can't be set here: it ...`. */
  readonly why: string;
  readonly pattern: string;
}

/** Variables that the operator sets from fields of the resource. `_FILE` names a file with the value. */
const SET_BY_OPERATOR: Family = {
  why: "is set by the operator. Use the field of the spec for it, if there is one (kubectl explain ta.spec --recursive)",
  pattern:
    "(PORT|HEALTH_PORT|HOSTNAME|SHUTDOWN_GRACE_SECONDS|API_URL|BASE_URL|MCP_SERVER_URL|TOKEN_EXCHANGE_URL|SIGN_UP|" +
    "TRUSTED_(ORIGINS|PROXIES)|CORS_ORIGINS|ALLOWED_HOSTS|DATABASE_(URL|ADMIN_URL|PASSWORD|ADMIN_PASSWORD|SSL_MODE|CA_FILE)|" +
    "INSTANCE_ID|APP_ROLE_PASSWORD|(.*BETTER_)?AUTH_.*|OPENAI_.*|PG.*|EXCHANGE_.*|(JWT|RUN_GRANT)_EXPIRES_IN_SECONDS|" +
    "INITIAL_USER_.*|MODEL_.*|AGENT_(SYSTEM_PROMPT|MAX_STEPS|TURN_TIMEOUT_SECONDS))(_FILE)?",
};

/** Variables that programs and libraries read without being asked, and through which a server could be taken over. */
const FAMILIES: readonly Family[] = [
  SET_BY_OPERATOR,
  {
    why: "would send the traffic of the server through a proxy",
    pattern: "(.*_)?(PROXY|NOPROXY)|NO_PROXY_.*|.*_PROXY_.*",
  },
  {
    why: "changes what Node.js or Next.js runs or prints",
    pattern:
      "NODE(_.*)?|V8_.*|UV_.*|ICU_.*|UNDICI_.*|WATCH_REPORT_DEPENDENCIES|(N?PM|PNPM|YARN|COREPACK|NAPI|BUN|DENO|TSX|TS_NODE)_.*|" +
      "_.*|NEXT_.*|VERCEL.*|NOW_.*|TURBO.*|KEEP_ALIVE_TIMEOUT|DEBUG(_.*)?|RUST_.*|TOKIO_.*|AI_.*",
  },
  {
    why: "changes which code or data the libraries of the system load",
    pattern:
      "(LD|DYLD|GLIBC|MALLOC|MUSL|GCONV|NSS|RES|RESOLV|LOCALE|GETCONF|MEMUSAGE|SEGFAULT|PCPROFILE|SOTRUSS|XDG|BASH|SHARP|VIPS)_.*|" +
      ".*LOCPATH|LOCALDOMAIN|HOSTALIASES|NLSPATH|NIS_PATH|TZDIR|TMPDIR|TMP|TEMP|PATH|HOME|USER|LOGNAME|SHELL|ENV|IFS|PWD",
  },
  {
    why: "changes what TLS trusts or reveals its keys",
    pattern: "(OPENSSL|SSL|TLS|CTLOG|RANDFILE|QLOG)(_.*)?|SSLKEYLOGFILE|QLOGDIR|.*_CA_(BUNDLE|CERTS?|FILE)|CURL_.*",
  },
  { why: "is how Kubernetes tells programs where its API is", pattern: "KUBERNETES_.*|KUBECONFIG" },
];

/** The rules as they stand in the resource definition, in RE2's syntax. */
export const REFUSED_FAMILIES = FAMILIES.map(({ why, pattern }) => ({ why, pattern: `(?i)^(${pattern})$` }));

const MATCHERS = FAMILIES.map(({ why, pattern }) => ({ why, matches: new RegExp(`^(?:${pattern})$`, "i") }));

/**
 * Why a resource can't set this variable, as the end of a sentence that begins with its name; undefined when it can. For
 * `env` and for the keys that `envFrom` would add.
 */
export function whyRefused(name: string): string | undefined {
  return MATCHERS.find(({ matches }) => matches.test(name))?.why;
}

/** Why the operator leaves a variable out of the pods, in the same form. A key that `envFrom` would add may be no name at all. */
export function whyLeftOut(name: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? whyRefused(name) : "is no name of an environment variable";
}
