import { Notice } from "../components/shell/notice.tsx";
import { strings } from "../lib/strings.ts";

export default function NotFound() {
  return (
    <Notice title={strings.errors.notFoundTitle} body={strings.errors.notFoundBody}>
      <a href="/">{strings.errors.home}</a>
    </Notice>
  );
}
