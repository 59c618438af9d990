export type Theme = "light" | "dark" | "system";

const KEY = "theme";

/**
 * Runs before the first paint so that a chosen theme never flashes. It is one constant text: a Content Security
 * Policy can allow it by its hash.
 */
export const THEME_SCRIPT = `try{const t=localStorage.getItem("${KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;

/** The theme the person chose on this device; `system` when they didn't. */
export function readTheme(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Applies a theme at once and keeps it for the next visit. */
export function writeTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage can be switched off; the theme then lasts until the page is closed.
  }
}
