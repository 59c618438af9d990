import { words } from "../words.ts";

/** Something that the palette can find. */
export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
}

/** Entries of one kind, below their heading. */
export interface PaletteGroup {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

/** Most entries of one kind that are shown. */
export const SHOWN_MAX = 7;

/**
 * The entries that have every typed word, those that begin with what was typed first. Case and accents make no difference.
 * While nothing is typed, the first of each group.
 */
export function findEntries(groups: readonly PaletteGroup[], typed: string): PaletteGroup[] {
  const query = folded(typed.trim());
  const parts = query.split(/\s+/);
  return groups.flatMap(({ title, entries }) => {
    const matching: { entry: PaletteEntry; rank: number }[] = [];
    for (const entry of entries) {
      const label = folded(entry.label);
      if (parts.every((part) => label.includes(part))) matching.push({ entry, rank: rankOf(label, query) });
    }
    matching.sort((a, b) => a.rank - b.rank);
    const found = matching.slice(0, SHOWN_MAX).map(({ entry }) => entry);
    return found.length === 0 ? [] : [{ title, entries: found }];
  });
}

/** The entry that searches all tasks for what was typed. Its id is that of no action. */
export function searchEntry(query: string, onSearch: (query: string) => void): PaletteEntry {
  return { id: "search-for", label: words.palette.searchFor(query), run: () => onSearch(query) };
}

function rankOf(label: string, query: string): number {
  if (label.startsWith(query)) return 0;
  return label.includes(` ${query}`) ? 1 : 2;
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
