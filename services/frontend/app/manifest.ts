import type { MetadataRoute } from "next";
import { words } from "../ui/words.ts";

/** What a phone shows when the page is put on its home screen. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: words.product,
    short_name: words.product,
    description: words.tagline,
    start_url: "/",
    display: "standalone",
    background_color: "#F7F5F1",
    theme_color: "#F7F5F1",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/apple-icon.png", sizes: "180x180", type: "image/png" },
    ],
  };
}
