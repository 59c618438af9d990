"use client";

import { Notice } from "../shell/notice.tsx";
import { words } from "../shell/words.ts";
import { Button } from "../ui/button.tsx";

export default function PageError() {
  return (
    <Notice title={words.pageFailed.title} body={words.pageFailed.body}>
      <Button tone="primary" onClick={() => window.location.reload()}>
        {words.reload}
      </Button>
    </Notice>
  );
}
