export * from "./chat.ts";
export * from "./limits.ts";
export * from "./problems.ts";
export * from "./records.ts";
export * from "./tasks.ts";
export * from "./tokens.ts";
