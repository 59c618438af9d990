/** The texts of all elements with this name. The answers of a storage are flat, so that no element holds another of its name. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"))].map(
    ([, text = ""]) => text,
  );
}

/** The text of the first element with this name, without its escapes. */
export function textIn(xml: string, name: string): string | undefined {
  const [found] = elements(xml, name);
  return found === undefined ? undefined : withoutEscapes(found);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function withoutEscapes(text: string): string {
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-fA-F]+));/g, (_all, name, decimal, hexadecimal) =>
    name === undefined
      ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal))
      : (ENTITIES[name] ?? ""),
  );
}
