import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/client";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import { LRUCache } from "@taskassistant/kit/collections";

/** Maximum number of compiled schemas. */
const KEPT_MAX = 200;

/**
 * A JSON Schema validator that compiles each schema once per process. The tools of all runs have the same schemas, and
 * compiling one takes longer than a whole tool call.
 */
export function createSchemaValidator(): jsonSchemaValidator {
  const ajv = new AjvJsonSchemaValidator();
  const compiled = new LRUCache<string, JsonSchemaValidator<unknown>>({ max: KEPT_MAX });

  return {
    getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
      const key = JSON.stringify(schema);
      let validate = compiled.get(key);
      if (validate === undefined) {
        validate = ajv.getValidator<unknown>(schema);
        compiled.set(key, validate);
      }
      return validate as JsonSchemaValidator<T>;
    },
  };
}
