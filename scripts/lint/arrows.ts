/**
 * Which way imports may point, one row per room. `make generate` turns the rows into `biome.arrows.gen.json`; the test beside
 * this file plants every import under `planted` and expects the linter to refuse it.
 *
 * A row holds for its folder and everything below it, in addition to the other rows of the folder and those above.
 */
export interface Room {
  /** Folder below the repository. */
  readonly folder: string;
  /** Why the imports below are refused: the sentence the linter prints. */
  readonly why: string;
  /** Imports the room may not have, as Biome matches them: gitignore globs over the text of the import, `!` allows again. */
  readonly refuses: readonly string[];
  /** Refuses only the imports of names that match this regular expression as a whole; every name unless given. */
  readonly names?: string;
  /** Violations the test plants, as imports of a file directly in the folder. */
  readonly planted: readonly string[];
  /** Imports that must stay possible, planted as well: a rule that refuses everything would pass otherwise. */
  readonly allowed?: readonly string[];
  /** Imports of types that must stay possible where values are refused. */
  readonly allowedTypes?: readonly string[];
}

/** Everything of ours but the named packages. */
function packagesExcept(...names: readonly string[]): string[] {
  return [
    "@taskassistant/*",
    "@taskassistant/*/**",
    ...names.flatMap((name) => [`!@taskassistant/${name}`, `!@taskassistant/${name}/**`]),
  ];
}

/** Other rooms, however many folders up they are reached. */
function rooms(...names: readonly string[]): string[] {
  return names.map((name) => `**/${name}/**`);
}

const IO = ["node:fs", "node:fs/*", "node:net", "node:http", "node:https", "node:child_process", "undici", "pg"];
/** What looks at the cluster instead of a snapshot of it. */
const LIVE = ["**/observe/caches.ts", "**/observe/observe.ts", "**/observe/external-database.ts"];
const PROGRAMS = ["api", "mcp", "frontend", "migrate", "backup", "model-demo", "operator"];

/** The features of the page, and which others each may use. */
const FEATURES: readonly { name: string; uses: readonly string[] }[] = [
  { name: "workspace", uses: [] },
  { name: "session", uses: [] },
  { name: "settings", uses: ["workspace", "session"] },
  { name: "people", uses: ["session"] },
  { name: "conversations", uses: ["workspace", "session"] },
  { name: "tasks", uses: ["workspace", "session"] },
  { name: "tools", uses: ["workspace", "session", "tasks"] },
  { name: "chat", uses: ["workspace", "session", "tasks", "tools"] },
];

export const ROOMS: readonly Room[] = [
  {
    folder: "packages/contracts/src",
    why: "contracts imports nothing of ours and does no I/O",
    refuses: ["@taskassistant/*", "@taskassistant/*/**", "node:*"],
    planted: ["@taskassistant/db", "@taskassistant/kit/http", "node:fs"],
  },
  {
    folder: "packages/dates/src",
    why: "dates is pure calendar arithmetic and imports nothing of ours",
    refuses: ["@taskassistant/*", "@taskassistant/*/**", "node:*"],
    planted: ["@taskassistant/contracts", "node:fs"],
  },
  {
    folder: "packages/kit/src",
    why: "kit imports contracts only",
    refuses: packagesExcept("contracts"),
    planted: ["@taskassistant/db"],
    allowed: ["@taskassistant/contracts"],
  },
  {
    folder: "packages/db/src",
    why: "db imports contracts only",
    refuses: packagesExcept("contracts"),
    planted: ["@taskassistant/tasks", "@taskassistant/kit"],
    allowed: ["@taskassistant/contracts"],
  },
  {
    folder: "packages/tasks/src",
    why: "tasks imports db, dates and contracts only",
    refuses: packagesExcept("contracts", "dates", "db"),
    planted: ["@taskassistant/kit", "@taskassistant/api"],
    allowed: ["@taskassistant/db", "@taskassistant/dates", "@taskassistant/contracts"],
  },
  ...["api", "mcp", "migrate", "backup", "model-demo"].map((service) => ({
    folder: `services/${service}/src`,
    why: "services never import each other",
    refuses: [
      ...PROGRAMS.flatMap((program) => [`@taskassistant/${program}`, `@taskassistant/${program}/**`]),
      ...rooms("services", "operator"),
    ],
    planted: ["@taskassistant/frontend", "../../../services/frontend/server/env.ts"],
    allowed: ["@taskassistant/tasks"],
  })),
  ...["api", "mcp", "migrate", "backup", "model-demo"].map((service) => ({
    folder: `services/${service}/src`,
    why: "nothing imports the program's entry",
    refuses: ["**/main.ts"],
    planted: ["./main.ts", "../main.ts"],
    allowed: ["./env.ts"],
  })),
  {
    folder: "services/backup/src/location",
    why: "a location stores bytes and knows neither backups nor databases",
    refuses: rooms("commands", "load", "manifest", "postgres", "encryption", "retention"),
    planted: ["../commands/backup.ts", "../postgres/dump.ts", "../manifest/manifest.ts"],
    allowed: ["../backup-error.ts"],
  },
  {
    folder: "services/backup/src/postgres",
    why: "postgres runs the client programs and knows no storage",
    refuses: rooms("commands", "load", "location", "encryption", "retention"),
    planted: ["../commands/backup.ts", "../location/store.ts", "../encryption/age.ts"],
    allowed: ["../manifest/manifest.ts"],
  },
  {
    folder: "services/backup/src/retention",
    why: "retention decides by dates alone: it reads and removes nothing",
    refuses: [...IO, ...rooms("commands", "location", "postgres")],
    planted: ["node:fs", "../location/store.ts"],
  },
  {
    folder: "services/api/src/agent",
    why: "the agent is given its model and its tools: it knows no run, no request and no storage",
    refuses: rooms("conversations", "http", "runs", "stream"),
    planted: ["../conversations/store.ts", "../http/app.ts", "../runs/run.ts", "../stream/sse.ts"],
    allowed: ["./events.ts", "../mcp/port.ts"],
  },
  {
    folder: "services/api/src/agent/model",
    why: "a model driver speaks to a provider and calls no tool",
    refuses: rooms("tools", "mcp"),
    planted: ["../tools/adapter.ts", "../../mcp/port.ts"],
    allowed: ["./driver.ts", "../events.ts"],
  },
  {
    folder: "services/api/src/identity",
    why: "identity exchanges tokens for every other room and knows none of them",
    refuses: rooms("agent", "conversations", "http", "mcp", "runs", "stream"),
    planted: [
      "../agent/events.ts",
      "../conversations/store.ts",
      "../http/context.ts",
      "../mcp/port.ts",
      "../runs/run.ts",
      "../stream/sse.ts",
    ],
    allowed: ["./token-source.ts", "@taskassistant/kit/http"],
  },
  {
    folder: "services/api/src/runs",
    why: "a run goes on without a request: it does not know who asked for it or who watches it",
    refuses: rooms("http", "stream"),
    planted: ["../http/context.ts", "../stream/sse.ts"],
    allowed: ["../agent/loop.ts", "../conversations/store.ts", "../identity/token-source.ts", "../mcp/port.ts"],
  },
  {
    folder: "services/api/src/stream",
    why: "stream writes what the agent and its run report, and imports nothing else of the API",
    refuses: rooms("conversations", "http", "identity", "mcp"),
    planted: ["../conversations/store.ts", "../http/context.ts", "../identity/token-source.ts", "../mcp/port.ts"],
    allowed: ["../agent/events.ts", "../runs/ending.ts"],
  },
  ...["features", "lib", "shell", "ui"].map((room) => ({
    folder: `services/frontend/${room}`,
    why: "import values from a subpath of @taskassistant/contracts, so that a browser does not load the schemas; types may come from anywhere",
    refuses: ["@taskassistant/contracts", "!@taskassistant/contracts/**"],
    // Types are in Pascal case; functions and schemas begin with a small letter, constants have capitals alone.
    names: "[a-z].*|[A-Z0-9_]+",
    planted: ["@taskassistant/contracts"],
    allowed: ["@taskassistant/contracts/limits"],
    allowedTypes: ["@taskassistant/contracts"],
  })),
  {
    folder: "services/frontend",
    why: "services never import each other",
    refuses: [
      ...PROGRAMS.flatMap((program) => [`@taskassistant/${program}`, `@taskassistant/${program}/**`]),
      ...rooms("services", "operator"),
    ],
    planted: ["@taskassistant/operator", "../../services/api/src/index.ts"],
  },
  {
    folder: "services/frontend/ui",
    why: "ui is the design system: it knows no feature, no request and no server",
    refuses: rooms("lib", "features", "shell", "app", "server"),
    planted: ["../lib/api.ts", "../features/tasks/words.ts", "../server/env.ts"],
  },
  {
    folder: "services/frontend/lib",
    why: "lib helps every feature and belongs to none",
    refuses: rooms("features", "shell", "app", "server"),
    planted: ["../features/workspace/workspace-context.ts", "../shell/shell.tsx", "../server/env.ts"],
    allowed: ["../ui/button.tsx"],
  },
  {
    folder: "services/frontend/features",
    why: "a feature knows neither the shell that arranges it nor the server",
    refuses: rooms("shell", "app", "server"),
    planted: ["../shell/shell.tsx", "../server/env.ts", "../app/page.tsx"],
    allowed: ["../ui/button.tsx", "../lib/api.ts"],
  },
  ...FEATURES.map(({ name, uses }) => ({
    folder: `services/frontend/features/${name}`,
    why: `${name} uses ${uses.length === 0 ? "no other feature" : `only these features: ${uses.join(", ")}`}`,
    refuses: FEATURES.filter((other) => other.name !== name && !uses.includes(other.name)).map(
      (other) => `**/../${other.name}/**`,
    ),
    planted: FEATURES.filter((other) => other.name !== name && !uses.includes(other.name)).map(
      (other) => `../${other.name}/words.ts`,
    ),
    allowed: ["../../ui/button.tsx", "../../lib/api.ts", ...uses.map((used) => `../${used}/words.ts`)],
  })),
  {
    folder: "services/frontend/shell",
    why: "the shell arranges the features in the browser and knows nothing of the server",
    refuses: rooms("app", "server"),
    planted: ["../server/env.ts", "../app/page.tsx"],
    allowed: ["../features/chat/chat-screen.tsx", "../ui/button.tsx"],
  },
  {
    folder: "services/frontend/server",
    why: "the server side of the frontend is used by its routes and imports nothing of the page",
    refuses: rooms("ui", "lib", "features", "shell", "app"),
    planted: ["../lib/api.ts", "../shell/stores.ts", "../features/session/auth.ts"],
    allowed: ["@taskassistant/db", "@taskassistant/kit"],
  },
  {
    folder: "scripts/eval/judge",
    why: "judge is pure: the tasks that a conversation left in, a verdict out",
    refuses: [...packagesExcept("contracts", "dates"), ...rooms("scenarios", "services", "packages"), ...IO],
    planted: ["../scenarios/scenario.ts", "@taskassistant/tasks", "../../../services/api/src/index.ts", "node:fs"],
    allowed: ["@taskassistant/dates"],
  },
  {
    folder: "scripts/eval/scenarios",
    why: "scenarios are data: they know what is judged and nothing that runs",
    refuses: [...packagesExcept("contracts"), ...rooms("right-ends", "services", "packages"), ...IO],
    planted: ["../right-ends/right-end.ts", "@taskassistant/db", "../../../services/api/src/index.ts", "node:fs"],
    allowed: ["../judge/graders.ts", "@taskassistant/contracts/tools"],
  },
  {
    folder: "cluster/src",
    why: "the cluster runs any product: it imports nothing of ours",
    refuses: ["@taskassistant/*", "@taskassistant/*/**"],
    planted: ["@taskassistant/kit", "@taskassistant/operator"],
  },
  {
    folder: "cluster/src/machine",
    why: "machine knows nothing of Kubernetes, and `make clean` runs it without npm packages",
    refuses: [...rooms("control-plane", "node", "images", "programs", "supervisor"), "../*.ts", "yaml"],
    planted: ["../layout.ts", "../node/start.ts", "yaml"],
    allowed: ["node:fs"],
  },
  {
    folder: "operator/src",
    why: "nothing imports the program's entry",
    refuses: ["**/main.ts"],
    planted: ["./main.ts"],
  },
  {
    folder: "operator/src/kube",
    why: "kube speaks HTTP to the API server and knows nothing above it",
    refuses: [
      ...packagesExcept("kit"),
      ...rooms("runtime", "api", "kinds", "releases", "words", "pods", "assistants", "backups", "restores"),
    ],
    planted: ["../runtime/workers/queue.ts", "../kinds/index.ts", "../assistants/index.ts"],
  },
  {
    folder: "operator/src/runtime",
    why: "runtime is a generic library: it knows nothing of assistants",
    refuses: rooms("api", "kinds", "releases", "words", "pods", "assistants", "backups", "restores"),
    planted: ["../assistants/desired/names.ts", "../api/taskassistants/v1alpha1/index.ts", "../kinds/index.ts"],
    allowed: ["../kube/index.ts"],
  },
  {
    folder: "operator/src/kinds",
    why: "kinds holds facts about objects: it knows kube and nothing above it",
    refuses: [...rooms("runtime", "api", "releases", "words", "pods", "assistants", "backups", "restores"), ...IO],
    planted: ["../assistants/observe/snapshot.ts", "../runtime/index.ts", "../api/taskassistants/v1alpha1/index.ts"],
    allowed: ["../kube/index.ts"],
  },
  {
    folder: "operator/src/releases",
    why: "releases is a catalogue: it knows no objects and no assistants",
    refuses: [...rooms("runtime", "api", "kube", "kinds", "assistants", "backups", "restores"), ...IO],
    planted: ["../assistants/index.ts", "../kube/index.ts"],
  },
  {
    folder: "operator/src/assistants/desired",
    why: "desired is pure: types in, objects out, no I/O",
    refuses: [...rooms("plan", "observe", "apply", "report", "runtime"), "@kubernetes/client-node", ...IO],
    planted: ["../plan/plan.ts", "../observe/snapshot.ts", "../../runtime/index.ts", "node:fs/promises"],
    allowed: ["../../kinds/index.ts", "../../words/advice.ts"],
  },
  {
    folder: "operator/src/assistants/observe",
    why: "observe takes snapshots and decides nothing",
    refuses: rooms("plan", "apply", "report"),
    planted: ["../plan/plan.ts", "../apply/apply.ts", "../report/report.ts"],
    allowed: ["../desired/index.ts"],
  },
  {
    folder: "operator/src/assistants/plan",
    why: "plan is pure: a snapshot in, data out, no words and no I/O",
    refuses: [...rooms("apply", "report", "runtime"), ...LIVE, ...IO],
    planted: ["../apply/apply.ts", "../report/findings/finding.ts", "../observe/caches.ts", "node:http"],
    allowed: ["../observe/snapshot.ts", "../desired/index.ts"],
  },
  {
    folder: "operator/src/assistants/preview",
    why: "preview says what a plan would do, as data, and does nothing",
    refuses: [...rooms("apply", "report", "runtime"), ...LIVE],
    planted: ["../apply/apply.ts", "../report/findings/finding.ts", "../observe/caches.ts"],
    allowed: ["../plan/plan.ts", "../observe/snapshot.ts"],
  },
  {
    folder: "operator/src/assistants/upgrade",
    why: "upgrade is pure: what is recorded and observed in, a state out, no words and no I/O",
    refuses: [...rooms("plan", "observe", "apply", "report", "runtime"), ...IO],
    planted: ["../plan/plan.ts", "../observe/snapshot.ts", "../report/status.ts", "node:fs"],
    allowed: ["../desired/index.ts", "../../releases/index.ts"],
  },
  {
    folder: "operator/src/assistants/apply",
    why: "apply reports problems as data",
    refuses: [...rooms("report"), ...LIVE],
    planted: ["../report/findings/finding.ts", "../observe/caches.ts"],
    allowed: ["../plan/plan.ts", "../observe/snapshot.ts"],
  },
  {
    folder: "operator/src/assistants/report/findings",
    why: "findings are pure: facts in, sentences out, no I/O",
    refuses: [...rooms("apply", "runtime"), "!**/apply/problem.ts", ...LIVE, ...IO],
    planted: ["../../apply/apply.ts", "../../observe/caches.ts", "../../../runtime/index.ts", "node:fs"],
    allowed: ["../../apply/problem.ts", "../../plan/plan.ts", "../../../words/advice.ts"],
  },
  {
    folder: "operator/src/words",
    why: "words are pure: names in, sentences out",
    refuses: [
      ...rooms(
        "api",
        "kube",
        "kinds",
        "runtime",
        "releases",
        "pods",
        "assistants",
        "backups",
        "restores",
        "backup-jobs",
      ),
      ...IO,
    ],
    planted: ["../kube/index.ts", "../assistants/index.ts", "../pods/index.ts", "node:fs"],
  },
  {
    folder: "operator/src/pods",
    why: "pods judges pods of any Job or server: it knows kube and words, and no assistants",
    refuses: [...rooms("api", "runtime", "releases", "assistants", "backups", "restores", "backup-jobs"), ...IO],
    planted: ["../assistants/index.ts", "../runtime/index.ts", "../backup-jobs/index.ts", "node:fs"],
    allowed: ["../kube/index.ts", "../words/advice.ts"],
  },
  {
    folder: "operator/src/backup-policy",
    why: "backup-policy is pure: settings, backups and the time in, decisions out",
    refuses: [
      ...rooms("assistants", "backups", "restores", "backup-jobs", "kube", "kinds", "runtime"),
      "!**/api/backups/**",
      ...IO,
    ],
    planted: ["../assistants/index.ts", "../kube/index.ts", "../backup-jobs/index.ts", "node:fs"],
    allowed: ["../api/backups/v1alpha1/index.ts"],
  },
  {
    folder: "operator/src/backup-jobs",
    why: "backup-jobs serves the controllers of backups and of restores and knows neither, and of assistants only how objects are built",
    refuses: [
      ...rooms("backups", "restores", "assistants"),
      "!**/api/backups/**",
      "!**/api/restores/**",
      "!**/assistants/desired/**",
    ],
    planted: [
      "../backups/index.ts",
      "../restores/index.ts",
      "../assistants/index.ts",
      "../assistants/observe/caches.ts",
    ],
    allowed: ["../api/backups/v1alpha1/index.ts", "../assistants/desired/index.ts"],
  },
  {
    folder: "operator/src/backups",
    why: "backups knows restores only by their resources",
    refuses: [...rooms("restores"), "!**/api/restores/**"],
    planted: ["../restores/index.ts"],
    allowed: ["../backup-jobs/index.ts", "../api/restores/v1alpha1/index.ts"],
  },
  {
    folder: "operator/src/restores",
    why: "restores knows backups only by their resources",
    refuses: [...rooms("backups"), "!**/api/backups/**"],
    planted: ["../backups/index.ts"],
    allowed: ["../backup-jobs/index.ts", "../api/backups/v1alpha1/index.ts"],
  },
];
