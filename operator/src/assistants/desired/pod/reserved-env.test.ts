import { describe, expect, it } from "vitest";
import { definition, desiredInput } from "../../../../test/fixtures/assistant-fixture.ts";
import { children } from "../children.ts";

import { REFUSED_FAMILIES, whyRefused } from "./reserved-env.ts";
import { refusedEnv } from "./user-env.ts";

/** Variables that Node.js, glibc, OpenSSL, Next.js, pg and our libraries read, and what they stand for. */
const REFUSED: readonly (readonly [family: RegExp, names: string])[] = [
  [/set by the operator/, "PORT DATABASE_URL DATABASE_URL_FILE PGHOST PGSSLMODE PGOPTIONS pgservicefile EXCHANGE_PORT"],
  [
    /set by the operator/,
    "BETTER_AUTH_SECRET NEXT_PUBLIC_BETTER_AUTH_URL AUTH_SECRET OPENAI_ORG_ID MODEL_NAME BASE_URL",
  ],
  [/proxy/, "HTTP_PROXY HTTPS_PROXY http_proxy https_proxy Http_Proxy ALL_PROXY all_proxy NO_PROXY no_proxy"],
  [/proxy/, "npm_config_proxy npm_config_https_proxy GLOBAL_AGENT_HTTP_PROXY FTP_PROXY socks_proxy"],
  [/Node\.js/, "NODE_OPTIONS NODE_PATH NODE_DEBUG NODE_V8_COVERAGE NODE_EXTRA_CA_CERTS"],
  [/Node\.js/, "NODE_TLS_REJECT_UNAUTHORIZED node_options NODE_COMPILE_CACHE NODE_REDIRECT_WARNINGS NODE_CHANNEL_FD"],
  [/Node\.js/, "__NEXT_PRIVATE_ORIGIN __NEXT_PRIVATE_STANDALONE_CONFIG __next_x NEXT_MANUAL_SIG_HANDLE NEXT_RUNTIME"],
  [/Node\.js/, "npm_config_registry NPM_TOKEN UV_THREADPOOL_SIZE DEBUG DEBUG_FD KEEP_ALIVE_TIMEOUT NAPI_RS_FORCE_WASI"],
  [
    /load/,
    "LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT ld_preload GLIBC_TUNABLES GCONV_PATH LOCPATH MALLOC_PERTURB_ HOSTALIASES",
  ],
  [/load/, "RES_OPTIONS LOCALDOMAIN TMPDIR PATH HOME NLSPATH TZDIR BASH_ENV ENV NIS_PATH"],
  [
    /TLS/,
    "OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE openssl_conf CURL_CA_BUNDLE",
  ],
  [/Kubernetes/, "KUBERNETES_SERVICE_HOST KUBECONFIG"],
];

const ALLOWED = "LOG_LEVEL REQUESTS_PER_MINUTE DATABASE_POOL_SIZE AGENT_MAX_CONCURRENT_TURNS TZ EXTRA NODES LDAP_URL A";

describe("the variables that a resource can't set", () => {
  it.each(REFUSED.flatMap(([family, names]) => names.split(" ").map((name) => [name, family] as const)))(
    "include %s, with the reason of its family",
    (name, family) => {
      expect(whyRefused(name)).toMatch(family);
    },
  );

  it.each(["NODE_USE_ENV_PROXY", "REQUEST_PROXY_URL"])("include %s, which is a matter of proxies", (name) => {
    expect(whyRefused(name)).toMatch(/proxy/);
  });

  it.each(ALLOWED.split(" "))("do not include %s", (name) => {
    expect(whyRefused(name)).toBeUndefined();
  });

  it("are the same in the resource definition", () => {
    const spec = definition.spec.versions[0].schema.openAPIV3Schema.properties.spec;
    for (const tier of ["frontend", "api", "mcp"]) {
      const rules: { rule: string; messageExpression?: string }[] =
        spec.properties[tier].properties.env.items["x-kubernetes-validations"];
      const byName = rules.filter(({ rule }) => rule.includes("self.name.matches"));
      expect(byName.map(({ rule, messageExpression }) => ({ rule, messageExpression }))).toEqual(
        REFUSED_FAMILIES.map(({ why, pattern }) => ({
          rule: `!self.name.matches('${pattern}')`,
          messageExpression: `self.name + ' can\\'t be set here: it ${why}'`,
        })),
      );
    }
  });

  it("do not reach a pod, even if the stored resource has them from before the rule", () => {
    const env = ["LOG_LEVEL", "https_proxy", "LD_PRELOAD"].map((name) => ({ name, value: "x" }));
    const input = desiredInput({ model: { provider: "Demo" }, api: { env } });
    const names = children(input).servers.api?.spec?.template.spec?.containers[0]?.env?.map(({ name }) => name);
    expect(names?.filter((name) => env.some((one) => one.name === name))).toEqual(["LOG_LEVEL"]);
    expect(refusedEnv(input).map(({ path, name }) => `${path} ${name}`)).toEqual([
      "spec.api.env https_proxy",
      "spec.api.env LD_PRELOAD",
    ]);
  });
});
