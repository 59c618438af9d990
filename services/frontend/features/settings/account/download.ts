export interface DownloadDeps {
  /** Rejects when the server would refuse the file as well. */
  ready: () => Promise<unknown>;
  follow: (href: string) => void;
  refused: (error: unknown) => void;
}

/**
 * Follows a link to a file once the server has answered. Of a download that is refused, the browser says only that it
 * failed; a file that the page fetched itself would have to fit into its memory.
 */
export async function download(href: string, { ready, follow, refused }: DownloadDeps): Promise<void> {
  try {
    await ready();
  } catch (error) {
    refused(error);
    return;
  }
  follow(href);
}

/** Leaves a file to the browser. */
export function followDownload(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}
