import type { Metadata } from "next";
import { LinkPage } from "../../features/session/link-page.tsx";
import { words } from "../../features/session/words.ts";

export const metadata: Metadata = { title: words.joinTitle, referrer: "no-referrer" };

export default function JoinPage() {
  return <LinkPage kind="invitation" />;
}
