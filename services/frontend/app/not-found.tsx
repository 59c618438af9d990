import { Notice } from "../shell/notice.tsx";
import { words } from "../shell/words.ts";

export default function NotFound() {
  return (
    <Notice title={words.notFound.title} body={words.notFound.body}>
      <a href="/">{words.home}</a>
    </Notice>
  );
}
