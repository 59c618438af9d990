import type { AgentMessage } from "../driver.ts";

/**
 * Words of which errors of model servers are made. They tell nothing about a conversation, even if they occur in one. All other
 * words that a conversation holds are left out of what leaves the API.
 */
const PLAIN = new Set(
  (
    "a an the this that these those it its is are was were be been has have had do does did not no nor or and but if of to for from in on at " +
    "by with without as than then your you we our can cannot may must will would should could please try again use used using more most less " +
    "least only also any all one two too many much other another none model models deployment engine api key keys token tokens account " +
    "organization project user billing plan credit credits balance quota limit limits rate request requests response server service provider " +
    "endpoint url path host address access permission permissions allowed denied forbidden unauthorized authentication authorization " +
    "invalid incorrect wrong expired missing unknown unsupported supported support found exist exists available unavailable disabled enabled " +
    "required value values field parameter parameters argument arguments type string number integer boolean array object null error errors " +
    "failed failure internal bad gateway timeout time out overloaded busy capacity exceeded exceed maximum minimum length context window " +
    "input output prompt message messages content tool tools function functions call calls choice stream format json schema version header " +
    "headers body http https region country check see contact documentation docs details code status reason because while when where"
  ).split(" "),
);

const OMITTED = "…";

/**
 * What a model server said, without anything that it may have quoted from the conversation: each word that occurs in the messages
 * is left out unless errors are made of it, and so is each word that is no plain English, which can't be looked up this way.
 */
export function withoutConversation(words: string, messages: readonly AgentMessage[]): string {
  // The system message is the administrator's and the product's own.
  const said = JSON.stringify(messages.filter(({ role }) => role !== "system")).toLowerCase();
  const isQuoted = (word: string) => word.length > 1 && !PLAIN.has(word) && said.includes(word);
  return words
    .replace(/\\\S*/g, OMITTED)
    .replace(/[\p{L}\p{N}\p{M}]+/gu, (word) =>
      /^[\x20-\x7e]+$/.test(word) && !isQuoted(word.toLowerCase()) ? word : OMITTED,
    )
    .replace(/…(?:[^\p{L}\p{N}]*…)+/gu, OMITTED);
}
