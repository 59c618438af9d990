import type { Metadata } from "next";
import { PeoplePage } from "../../features/people/people-page.tsx";
import { words } from "../../features/people/words.ts";
import { Notice } from "../../shell/notice.tsx";
import { words as shellWords } from "../../shell/words.ts";

export const metadata: Metadata = { title: words.title };

/** Prerendered without anybody's data, as every page. Whoever is no administrator sees what any unknown address shows. */
export default function People() {
  return (
    <PeoplePage
      notFound={
        <Notice title={shellWords.notFound.title} body={shellWords.notFound.body}>
          <a href="/">{shellWords.home}</a>
        </Notice>
      }
    />
  );
}
