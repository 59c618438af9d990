import { pythonCallsIn } from "./python-calls.ts";
import { callsIn, callsInJson, parametersOr, type WrittenCall } from "./written-call.ts";

/** How models write calls when the server's parser misses them: where a form begins, and how its calls are read. */
export interface WrittenForm {
  readonly opens: RegExp;
  readonly block: RegExp;
  readonly calls: (...parts: string[]) => WrittenCall[];
  /** No tag marks it, so that it is a call only where it names a tool. */
  readonly bare?: boolean;
}

export const WRITTEN_FORMS: readonly WrittenForm[] = [
  // Qwen3-Coder, Llama: <function=NAME> with JSON or with <parameter=KEY>VALUE</parameter>
  {
    opens: /^(?:<tool_call>\s*)?<function=/,
    block: /<function=([^>\s]{1,100})>([\s\S]*?)(?:<\/function>|$)/g,
    calls: (name = "", inner = "") => [
      { name, arguments: parametersOr(inner, /<parameter=([^>]{1,100})>\n?([\s\S]*?)\n?<\/parameter>/g) },
    ],
  },
  // Claude behind gateways, MiniMax, DeepSeek: <invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>
  {
    opens: /^(?:<[\w:]{0,20}calls?>\s*)?<invoke name=/,
    block: /<invoke name="([^"]{1,100})">([\s\S]*?)(?:<\/invoke>|$)/g,
    calls: (name = "", inner = "") => [
      {
        name,
        arguments: parametersOr(inner, /<parameter name="([^"]{1,100})"[^<>]{0,60}>([\s\S]*?)<\/parameter>/g),
      },
    ],
  },
  // GLM: <tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>
  {
    opens: /^<tool_call>/,
    block: /<tool_call>\s*([\w.:-]{1,100})\s*(<arg_key>[\s\S]*?)(?:<\/tool_call>|$)/g,
    calls: (name = "", inner = "") => [
      {
        name,
        arguments: parametersOr(inner, /<arg_key>([\s\S]{1,100}?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g),
      },
    ],
  },
  // Gemma: <|tool_call>call:NAME{KEY:<|"|>VALUE<|"|>}<tool_call|>, <start_function_call>..., or without its tokens
  {
    opens: /^(?:<\|tool_call>|<start_function_call>)\s*call:/,
    block:
      /(?:<\|tool_call>|<start_function_call>)\s*call:([\w.]{1,100})(\{[\s\S]*?\})\s*(?=<tool_call\|>|<end_function_call>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner.replace(/<\|"\|>|<escape>/g, '"') }],
  },
  {
    opens: /^call:[\w.]{1,100}\{/,
    block: /^call:([\w.]{1,100})(\{[\s\S]*\})\s*$/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
    bare: true,
  },
  // Liquid, Llama 4: <|tool_call_start|>[NAME(KEY="VALUE")]<|tool_call_end|>
  {
    opens: /^<\|(?:tool_call|python)_start\|>/,
    block: /<\|(tool_call|python)_start\|>([\s\S]*?)(?:<\|\1_end\|>|$)/g,
    calls: (_kind = "", inner = "") => callsIn(inner),
  },
  // Qwen, Hermes, Nemotron, Olmo and most others: <tool_call>JSON</tool_call>
  {
    opens: /^<\|?(?:tool_?calls?|function_?calls?|tools)\|?>/i,
    block: /<\|?(tool_?calls?|function_?calls?|tools)\|?>\s*([\s\S]*?)(?:<\|?\/\1\|?>|$)/gi,
    calls: (_tag = "", inner = "") => callsIn(inner),
  },
  // Kimi: <|tool_call_begin|>NAME<|tool_call_argument_begin|>JSON<|tool_call_end|>
  {
    opens: /^<\|tool_calls?_(?:section_)?begin\|>/,
    block:
      /<\|tool_call_begin\|>\s*([^<]{1,100}?)\s*<\|tool_call_argument_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // DeepSeek: <｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME and JSON, or NAME<｜tool▁sep｜>JSON
  {
    opens: /^<｜tool▁calls?▁begin｜>/,
    block:
      /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?([^<{`\s]{1,100})(?:<｜tool▁sep｜>)?([\s\S]*?)(?:<｜tool▁call▁end｜>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // Mistral: [TOOL_CALLS] with a list, NAME{...} or NAME[ARGS]{...}
  {
    opens: /^\[TOOL_CALLS\]/,
    block:
      /\[TOOL_CALLS\]\s*([\w.:-]{0,100})(?:\[CALL_ID\][\w-]{0,100})?(?:\[ARGS\])?\s*([\s\S]*?)(?=\[\/?TOOL_CALLS\]|$)/g,
    calls: (name = "", inner = "") => (name === "" ? callsInJson(inner) : [{ name, arguments: inner }]),
  },
  // LM Studio: [TOOL_REQUEST]JSON[END_TOOL_REQUEST], or [NAME] before the arguments
  {
    opens: /^\[TOOL_REQUEST\]/,
    block: /\[TOOL_REQUEST\]([\s\S]*?)(?:\[END_TOOL_REQUEST\]|$)/g,
    calls: (inner = "") => callsInJson(inner),
  },
  {
    opens: /^\[[\w.-]{1,64}\]\s*\{/,
    block: /^\[([\w.-]{1,64})\]\s*(\{[\s\S]*?)(?:\[END_TOOL_REQUEST\]|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
    bare: true,
  },
  // Cohere, InternLM: <|START_ACTION|>JSON<|END_ACTION|>
  {
    opens: /^<\|(?:START_ACTION|action_start)\|>/,
    block: /<\|(?:START_ACTION|action_start)\|>(?:<\|\w{1,20}\|>)?([\s\S]*?)(?:<\|(?:END_ACTION|action_end)\|>|$)/g,
    calls: (inner = "") => callsInJson(inner),
  },
  // gpt-oss: <|channel|>commentary to=functions.NAME <|constrain|>json<|message|>JSON<|call|>
  {
    opens: /^(?:<\|start\|>assistant)?<\|channel\|>commentary to=/,
    block: /<\|channel\|>commentary to=([\w.:-]{1,100})[\s\S]{0,60}?<\|message\|>([\s\S]*?)(?:<\|call\|>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // Llama: <|python_tag|>JSON
  {
    opens: /^<\|python_tag\|>/,
    block: /<\|python_tag\|>\s*([\s\S]*?)(?:<\|eom_id\|>|<\|eot_id\|>|$)/g,
    calls: (inner = "") => callsIn(inner),
  },
  // Llama 3.2 and 4: [NAME(KEY="VALUE")] as the whole answer
  {
    opens: /^\[\s*[A-Za-z_][\w.]{0,99}\(/,
    block: /^(\[[\s\S]*\])$/g,
    calls: (inner = "") => pythonCallsIn(inner),
    bare: true,
  },
];
