import "@fontsource-variable/inter/wght.css";
import "@fontsource/instrument-serif/400.css";
import "../ui/styles/tokens.css";
import "../ui/styles/base.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { THEME_SCRIPT } from "../features/settings/theme.ts";
import { words } from "../ui/words.ts";

export const metadata: Metadata = {
  title: { default: words.product, template: `%s · ${words.product}` },
  description: words.tagline,
  // Dates and numbers in the chat are not phone numbers.
  formatDetection: { telephone: false, date: false, address: false, email: false },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#F7F5F1" },
    { media: "(prefers-color-scheme: dark)", color: "#131210" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <noscript>
          <p>{words.needsScript}</p>
        </noscript>
        {children}
      </body>
    </html>
  );
}
