import { Home } from "../shell/home.tsx";

/** One prerendered page for every chat. The browser then loads who is signed in and what they have. */
export default function HomePage() {
  return <Home />;
}
