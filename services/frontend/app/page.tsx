import { Boot } from "../shell/boot.tsx";

/** One prerendered page for every chat. The browser then loads who is signed in and what they have. */
export default function Home() {
  return <Boot />;
}
