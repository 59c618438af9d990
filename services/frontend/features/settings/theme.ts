export type Theme = "light" | "dark" | "system";

const KEY = "theme";

/**
 * Applies the chosen theme before the first paint, so that no other theme flashes up. It is a constant text, so that the
 * Content-Security-Policy can allow it by its hash.
 */
export const THEME_SCRIPT = `try{const t=localStorage.getItem("${KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;

/** The theme that the person chose on this device, or `system`. */
export function readTheme(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Applies a theme at once and stores it for the next visit. */
export function writeTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the theme lasts until the page is closed.
  }
}
