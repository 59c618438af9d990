import { z } from "zod";
import manifest from "../../../package.json" with { type: "json" };
import { INPUTS, OUTPUTS } from "./named-schemas.ts";
import { paramsSchemaOf } from "./params.ts";
import type { Answer, Route } from "./route.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of routes, made from the schemas they check with. */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const { path, method } = route.entry;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "TaskAssistant API",
      version: manifest.version,
      description:
        "Tasks, conversations and the assistant of one signed-in person. Errors are problem+json (RFC 9457).",
    },
    security: [{ apiToken: [] }],
    paths,
    components: {
      securitySchemes: {
        apiToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "An API token (RFC 9068); `POST /api/token` of the frontend mints one for a signed-in person.",
        },
      },
      schemas: { ...components(OUTPUTS, "output"), ...components(INPUTS, "input") },
    },
  };
}

function operationOf({ entry, doc }: Route): Json {
  const parameters = [
    ...parametersOf("path", paramsSchemaOf(entry)),
    ...parametersOf("query", doc.query),
    ...Object.entries(doc.headers ?? {}).map(([name, description]) => ({
      name,
      in: "header",
      required: false,
      description,
      schema: { type: "string" },
    })),
  ];
  return {
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.description === undefined ? {} : { description: doc.description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(doc.body === undefined || entry.body === undefined ? {} : { requestBody: bodyOf(doc.body, entry.body.types) }),
    responses: Object.fromEntries(Object.entries(doc.answers).map(([status, answer]) => [status, answerOf(answer)])),
  };
}

function parametersOf(place: "path" | "query", schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, "input");
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function bodyOf(schema: z.ZodType, types: readonly string[]): Json {
  const reference = { schema: referenceTo(schema, INPUTS, "input") };
  return { required: true, content: Object.fromEntries(types.map((type) => [type, reference])) };
}

function answerOf(answer: Answer): Json {
  const headers = Object.entries(answer.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: "string" } },
  ]);
  const content = Object.entries(answer.content ?? {}).map(([type, schema]) => [
    type,
    { schema: referenceTo(schema, OUTPUTS, "output") },
  ]);
  return {
    description: answer.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(content.length === 0 ? {} : { content: Object.fromEntries(content) }),
  };
}

function referenceTo(schema: z.ZodType, named: Record<string, z.ZodType>, io: "input" | "output"): unknown {
  const name = Object.keys(named).find((candidate) => named[candidate] === schema);
  return name === undefined ? toJsonSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
}

/** The named schemas. A schema that contains another one refers to it. */
function components(named: Record<string, z.ZodType>, io: "input" | "output"): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: "any",
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function toJsonSchema(schema: z.ZodType, io: "input" | "output") {
  const { $schema, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
}
