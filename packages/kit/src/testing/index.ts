export { encodePart, signCompact } from "./compact.ts";
export { EDGE_TEXTS, EDGE_VALUES } from "./edge-values.ts";
export { endWithOwner, removeWithOwner } from "./end-with-owner.ts";
export { type Forgery, forgeTokens } from "./forgeries.ts";
export {
  type ClaimOverrides,
  createTestIssuer,
  createTestKey,
  createUserId,
  defaultClaims,
  type IssuerMode,
  type SignOptions,
  type TestIssuer,
  type TestKey,
} from "./issuer.ts";
export { loadedPackages } from "./loaded-packages.ts";
export { type RawSocket, rawSocket } from "./raw-socket.ts";
