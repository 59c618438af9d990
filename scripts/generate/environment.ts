import { operatorEnv } from "../../operator/src/config.ts";
import { migrateEnvSchema } from "../../packages/db/src/migrate/env.ts";
import { describeEnv, type EnvRow } from "../../packages/kit/src/index.ts";
import { envSchema as apiEnv } from "../../services/api/src/env.ts";
import { envSchema as frontendEnv } from "../../services/frontend/server/env.ts";
import { mcpEnv } from "../../services/mcp/src/env.ts";
import { modelDemoEnv } from "../../services/model-demo/src/env.ts";

const PROGRAMS = [
  { title: "frontend", schema: frontendEnv },
  { title: "api", schema: apiEnv },
  { title: "mcp", schema: mcpEnv },
  { title: "model-demo", schema: modelDemoEnv },
  { title: "migrate (the Job that prepares the database)", schema: migrateEnvSchema },
  { title: "operator", schema: operatorEnv },
];

/** The reference of every environment variable, made of the very schemas the programs parse. */
export function environmentReference(): string {
  const sections = PROGRAMS.map(({ title, schema }) => `## ${title}\n\n${table(describeEnv(schema))}`);
  return `# Environment variables

The operator sets those of the services and the chart those of the operator; set them yourself when you run one without
Kubernetes. Each \`NAME\` can be given as
\`NAME_FILE\`, the path of a file that holds the value. A service whose environment is wrong stops and lists every problem.

${sections.join("\n\n")}
`;
}

function table(rows: EnvRow[]): string {
  const head = "| Variable | Default | Meaning |\n|---|---|---|";
  const lines = rows.map(
    (row) => `| \`${row.name}\`${row.secret ? " (secret)" : ""} | ${defaultOf(row)} | ${meaningOf(row)} |`,
  );
  return [head, ...lines].join("\n");
}

function defaultOf(row: EnvRow): string {
  if (row.default !== undefined) return `\`${row.default}\``;
  return row.required ? "required" : "-";
}

function meaningOf(row: EnvRow): string {
  const values = row.values ? ` One of ${row.values}.` : "";
  return `${row.description}${values}`.replaceAll("|", "\\|");
}
