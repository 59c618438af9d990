import { Boot } from "../components/shell/boot.tsx";

/** One prerendered page for every chat: who is looking and what they have is found out in the browser. */
export default function Home() {
  return <Boot />;
}
