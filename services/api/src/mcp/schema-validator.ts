import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/client";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";

/** Most compiled schemas kept; the oldest falls out. */
const KEPT_MAX = 200;

/**
 * A JSON Schema validator that compiles each schema once per process. The tools of every turn have the same schemas and
 * compiling one costs more than a whole tool call.
 */
export function createSchemaValidator(): jsonSchemaValidator {
  const ajv = new AjvJsonSchemaValidator();
  const compiled = new Map<string, JsonSchemaValidator<unknown>>();

  return {
    getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
      const key = JSON.stringify(schema);
      let validate = compiled.get(key);
      if (validate === undefined) {
        validate = ajv.getValidator<unknown>(schema);
        const oldest = compiled.size >= KEPT_MAX ? compiled.keys().next().value : undefined;
        if (oldest !== undefined) compiled.delete(oldest);
        compiled.set(key, validate);
      }
      return validate as JsonSchemaValidator<T>;
    },
  };
}
