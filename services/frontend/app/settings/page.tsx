import type { Metadata } from "next";
import { words } from "../../features/settings/words.ts";
import { Settings } from "../../shell/settings.tsx";

export const metadata: Metadata = { title: words.settings };

export default function SettingsPage() {
  return <Settings />;
}
