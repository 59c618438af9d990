"use client";

import { Notice } from "../components/shell/notice.tsx";
import { Button } from "../components/ui/button.tsx";
import { strings } from "../lib/strings.ts";

export default function PageError() {
  return (
    <Notice title={strings.errors.page} body={strings.errors.pageBody}>
      <Button tone="primary" onClick={() => window.location.reload()}>
        {strings.errors.reload}
      </Button>
    </Notice>
  );
}
