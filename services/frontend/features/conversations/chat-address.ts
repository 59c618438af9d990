/** Names the chat in the address of the page. */
export const CHAT_PARAMETER = "chat";

/** The address of a chat. */
export function chatAddress(id: string): string {
  return `/?${CHAT_PARAMETER}=${id}`;
}
