import {
  ASK_ADMINISTRATOR,
  FAILED_CALL,
  FILTERED_QUESTION,
  type ModelErrorCode,
  type ProviderError,
} from "./errors.ts";
import { type ProviderSays, readRefusal } from "./read-refusal.ts";

/** One way in which a model server refuses or fails: what tells it apart, and what is done and said about it. */
export interface FailureKind {
  readonly name: string;
  readonly matches: (said: Said) => boolean;
  /** For the person who asked. It says who can do what about it. */
  readonly sentence: (model: string, said: Said) => string;
  readonly code: ModelErrorCode;
  /** Whether the same request may work in a moment. A refusal that would be repeated word for word costs one call. */
  readonly again: "never" | "soon" | "at once";
}

/** What a server said, with all its words in lower case. */
export interface Said extends ProviderSays {
  readonly words: string;
}

const KEY = {
  sentence: () => `The model provider refuses the API key. ${ASK_ADMINISTRATOR} to check it.`,
  code: "model_key_invalid",
  again: "never",
} as const;

/**
 * The first kind that matches counts. Words come before statuses, because servers use 400, 403, 404 and 500 for very
 * different things. `docs/reference/model-servers.md` names the servers.
 */
export const FAILURE_KINDS: readonly FailureKind[] = [
  {
    name: "failed call",
    matches: says(
      /tool_use_failed|failed to call a function|failed_generation|malformed.?function.?call|malformed.?tool/,
      /(failed|error|unable|could not|invalid).{0,40}pars\w* .{0,20}(tool|function).?call/,
      /(tool|function).?call validation failed|invalid.?tool.?call\b/,
    ),
    sentence: () => FAILED_CALL,
    code: "model_unavailable",
    again: "at once",
  },
  {
    name: "filter",
    matches: says(
      /content.?filter|content management policy|responsibleaipolicyviolation|content.?policy|moderation|was flagged/,
      /content exists risk|data_inspection_failed|inappropriate content|prohibited_content|blocked by .{0,40}safety/,
      /sensitive (content|words?)|safety (system|filter|settings)|violat\w+ .{0,40}(polic|guideline|terms)/,
      /blocked .{0,60}(content|polic|prompt)|(content|prompt)\b.{0,30}\bblocked|敏感|不安全|违规/,
    ),
    sentence: () => FILTERED_QUESTION,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "too long",
    matches: (said) =>
      said.status === 413 ||
      says(
        /context_length|context.{0,12}(length|size|window|limit)|exceed_context|maximum context/,
        /(prompt|input|request|messages?|conversation)\b.{0,20}(is|are|was)? ?too (long|large)|too many (input )?tokens/,
        /reduce the length|too large for (the )?model|exceed\w* .{0,40}(token limit|number of tokens|max\w* .{0,20}tokens)/,
        /maximum (prompt|input) length|range of input length|string_above_max_length|input length .{0,40}exceed/,
        /tokens? .{0,60}(cannot|can't|must not) exceed|inputs. tokens .{0,30}must be <=/,
        /(longer|larger|more) than .{0,40}(context|window)|exceed\w* .{0,40}context|context .{0,20}exceed/,
      )(said),
    sentence: () =>
      "This conversation is too long for the model, even without its earlier messages. Start a new one with a shorter question.",
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "quota",
    matches: (said) =>
      said.status === 402 ||
      (says(
        /insufficient.?(quota|balance|credit|funds)|credit balance|billing|payment required|out of credits|budget.{0,20}exceeded/,
      )(said) &&
        said.retryAfterSeconds === undefined),
    sentence: () => "The quota at the model provider is used up.",
    code: "rate_limited",
    again: "never",
  },
  {
    name: "busy",
    matches: (said) =>
      said.status === 429 ||
      said.status === 529 ||
      says(/rate.?limit|too many requests|resource_exhausted|overloaded|throttl|engine_overloaded/)(said),
    sentence: () => "The model provider is receiving too many requests. Wait a little, then try again.",
    code: "rate_limited",
    again: "soon",
  },
  {
    name: "key",
    matches: says(
      /(invalid|incorrect|wrong|expired|missing|no|bad).{0,12}(api|auth\w*|access|security).?(key|token|credential)/,
      /api.?key.{0,20}(invalid|not valid|incorrect|expired|missing|required|not found|revoked|disabled|leaked)/,
      /authentication_error|unauthenticated|invalid authentication|authentication fail|unregistered callers/,
      /login fail|carry the api secret key/,
      /(security|bearer|access) token .{0,40}(invalid|expired)/,
      // LiteLLM without a database, of any key but its own.
      /no_db_connection/,
    ),
    ...KEY,
  },
  {
    name: "other API",
    matches: says(
      /v1\/responses|responses api|not a chat model|not supported in the v1\/chat\/completions|v1\/completions/,
      /does not support chat|not support(ed)? .{0,30}chat.?completions?/,
    ),
    sentence: (model) =>
      `The provider does not offer the model ${model} through the chat completions API. ${ASK_ADMINISTRATOR} to choose another model.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "tools",
    matches: says(
      /(not|n't|un)\s?support\w* .{0,30}(tools?|functions?)\b|support (for )?(tool|function)/,
      /(tools?|functions?)\b.{0,60}(not|n't|un)\s?(be )?(support|enabled|allowed|available|implemented)/,
      /tool choice requires|tools? param requires|enable-auto-tool-choice|no endpoints found that support/,
    ),
    sentence: () =>
      `This model can't use tools, and the assistant needs them. ${ASK_ADMINISTRATOR} to choose another model, or to switch tools on in its server.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "no model",
    matches: (said) =>
      (said.status === undefined || (said.status < 500 && said.status !== 403)) &&
      says(
        /model_not_found|deploymentnotfound|invalid_model|unknown model|no such model|model_not_available/,
        /(model|deployment)\b.{0,120}(not (exist|found|available|valid|loaded|served)|doesn'?t exist|does not exist|unknown)/,
        /unable to access (the )?model|list of (supported|available) models|model ['"`].{1,80}['"`] is not supported/,
        /model (id|identifier|name)\b.{0,40}(invalid|unknown)|unknown_model/,
        /invalid model|not a valid model|no endpoints found for|not_found_error model|no model.{0,20}loaded/,
      )(said),
    sentence: (model) =>
      `The model provider has no model named ${model}, or does not offer it to this account. ${ASK_ADMINISTRATOR} to check the name.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "access",
    matches: says(
      /organi[sz]ation must be verified|verify organi[sz]ation/,
      /unsupported_country|(country|region|territory|location).{0,30}(not|un)\s?(supported|available|allowed)/,
      /not (available|supported|allowed) in your (country|region|location|territory)/,
      /user location is not supported|member of an organi[sz]ation|ip.{0,20}not (authori[sz]ed|allowed)|firewall|virtual network/,
      /data policy|key_model_access_denied|not allowed to access (the )?model|access to (the )?model .{0,30}denied/,
      /(do|does) not have (access|permission)|permission.?denied|permission_error|insufficient permissions|missing scopes/,
    ),
    sentence: accessSentence,
    code: "model_unavailable",
    again: "never",
  },
  { name: "key", matches: (said) => said.status === 401, ...KEY },
  {
    name: "redirect",
    matches: (said) => said.redirected === true,
    sentence: () =>
      `The model's address answers with a redirect, which is not followed. ${ASK_ADMINISTRATOR} to correct the base URL.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "access",
    matches: (said) => said.status === 403 || said.status === 451,
    sentence: accessSentence,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "plain HTTP",
    matches: says(/http request .{0,20}to (an )?https|plain http request/),
    sentence: () => `The model's address speaks https only. ${ASK_ADMINISTRATOR} to correct the base URL.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "address",
    matches: (said) =>
      [404, 405, 410, 421, 426].includes(said.status ?? 0) ||
      (said.html === true && (said.status ?? 0) < 500) ||
      says(/invalid url|(unexpected|unknown) (endpoint|path|url|route)|no route|unrecognized request url|cannot post/)(
        said,
      ),
    sentence: () =>
      `The model's base URL does not lead to a chat completions API. ${ASK_ADMINISTRATOR} to correct the address.`,
    code: "model_unavailable",
    again: "never",
  },
  {
    name: "refused",
    matches: (said) =>
      said.status !== undefined &&
      said.status < 500 &&
      said.status !== 408 &&
      said.status !== 409 &&
      said.status !== 425,
    sentence: () => `The model provider refused the request. ${ASK_ADMINISTRATOR} to look into the log for its reason.`,
    code: "model_unavailable",
    again: "never",
  },
];

/** Anything else: the provider itself has failed. */
export const PROBLEM: FailureKind = {
  name: "problem",
  matches: () => true,
  sentence: () => "The model provider has a problem. Try again in a moment.",
  code: "model_unavailable",
  again: "soon",
};

/** What a server said, ready to be judged. */
export function saidBy(error: ProviderError): Said {
  const says = readRefusal(error);
  return { ...says, words: wordsOf(says) };
}

/** The kind of what a server said. */
export function kindOf(said: Said): FailureKind {
  return FAILURE_KINDS.find((kind) => kind.matches(said)) ?? PROBLEM;
}

/** What the account or the place lacks, as far as the server says it. */
function accessSentence(_model: string, { words }: Said): string {
  if (/verif/.test(words)) {
    return "The model provider asks for a verified organization. Whoever owns the account has to verify the organization with the provider.";
  }
  if (/countr|region|territor|location/.test(words)) {
    return `The model provider does not serve this country or region. ${ASK_ADMINISTRATOR} to choose another provider.`;
  }
  if (/firewall|network|\bip\b/.test(words)) {
    return `The model provider does not accept requests from this network. ${ASK_ADMINISTRATOR} to check its access rules.`;
  }
  return `The model provider does not give this account access to the model. ${ASK_ADMINISTRATOR} to check what the account may use.`;
}

/** All words of the error in lower case. Those of a web page say nothing. */
function wordsOf({ code, type, message, html }: ProviderSays): string {
  if (html === true) return "";
  return [code, type, message]
    .filter((each) => each !== undefined)
    .join(" ")
    .toLowerCase()
    .slice(0, 4_000);
}

function says(...patterns: readonly RegExp[]): (said: Said) => boolean {
  return ({ words }) => patterns.some((pattern) => pattern.test(words));
}
