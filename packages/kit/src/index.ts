export { describeEnv, EnvError, type EnvProblem, type EnvRow, parseEnv, redactEnv } from "./env.ts";
export {
  countField,
  databaseFields,
  listField,
  logLevelField,
  portField,
  serviceFields,
  urlField,
} from "./env-fields.ts";
export { type HealthDeps, type HealthServer, startHealthServer } from "./http/health.ts";
export { type Listener, type ListenOptions, listen } from "./http/listen.ts";
export {
  bodyTooLargeProblem,
  notFoundProblem,
  ProblemError,
  type ProblemOptions,
  problemHandler,
  problemResponse,
} from "./http/problem.ts";
export { createRateLimit, type RateLimit } from "./http/rate-limit.ts";
export { BodyTooLargeError, readText } from "./http/read-text.ts";
export { accessLog, requestId, requestIdOf } from "./http/request-id.ts";
export { bearerToken, TOKEN_MAX } from "./jwt/bearer.ts";
export type { VerificationKey } from "./jwt/jwks-document.ts";
export { createJwksSource, type JwksSource, type JwksSourceOptions } from "./jwt/jwks-source.ts";
export { TokenError, type TokenErrorReason } from "./jwt/token-error.ts";
export { type ClaimsOf, createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from "./jwt/verifier.ts";
export { runMain, runUntilSignal, type StopStep } from "./lifecycle.ts";
export { createLogger, type Logger } from "./logger.ts";
