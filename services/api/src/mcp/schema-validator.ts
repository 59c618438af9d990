import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/client";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";

/** Maximum number of compiled schemas; the oldest is dropped. */
const KEPT_MAX = 200;

/**
 * A JSON Schema validator that compiles each schema once per process. The tools of all runs have the same schemas, and
 * compiling one takes longer than a whole tool call.
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
