/**
 * The tool a written name stands for; undefined when it could be none or several. An exact match always wins. Models and
 * servers put namespaces and tokens of their templates around a name (`functions.get_agenda:0`, `default_api:get_agenda`,
 * `mcp__tasks__get_agenda`, `get_agenda<|channel|>commentary`), repeat it (`get_agendaget_agenda`) or write it in another case.
 */
export function resolveTool<Tool extends { readonly name: string }>(
  written: string,
  tools: readonly Tool[],
): Tool | undefined {
  const exact = tools.find((tool) => tool.name === written);
  if (exact !== undefined || written.length > WRITTEN_MAX) return exact;
  const parts = written.split(/[^\w-]+|__+/).filter((part) => part !== "");
  for (const form of [(text: string) => text, plain]) {
    const named = new Set([written, ...parts].map(form));
    const found = tools.filter((tool) => named.has(form(tool.name)) || isRepetition(form(written), form(tool.name)));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

const WRITTEN_MAX = 500;

/** `GetAgenda`, `get-agenda` and `get_agenda` are the same name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function isRepetition(text: string, unit: string): boolean {
  return unit !== "" && text.length > unit.length && text.replaceAll(unit, "") === "";
}
