// A program for a pod: people at work, each at a steady pace. It prints every request that failed, and its counts every second.
import { request } from "node:http";

const { SERVICE, ORIGIN, COOKIE, USER_ID, EMAIL, PASSWORD } = process.env;
const counts = {};
const added = [];

/** One request as a browser makes it; the answer with its whole body. */
function ask(method, path, body, headers = {}) {
  const { host } = new URL(ORIGIN);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const sent = {
    host,
    origin: ORIGIN,
    cookie: COOKIE,
    ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sending = request(`${SERVICE}${path}`, { method, headers: sent, timeout: 60_000 }, (answer) => {
      let received = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk) => {
        received += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, text: received }));
      answer.on("error", (error) =>
        reject(new Error(`${error.message} after ${answer.statusCode} ${received.slice(-200)}`)),
      );
    });
    sending.on("timeout", () => sending.destroy(new Error("no answer within 60 s")));
    sending.on("error", reject);
    sending.end(text);
  });
}

const chat = { message: "what is on my list?", time_zone: "Europe/Berlin" };
const WORK = {
  list: [300, () => ask("GET", `/api/${USER_ID}/tasks`), ({ status }) => status === 200],
  add: [
    700,
    async () => {
      const title = `Load ${added.length + 1} of ${Date.now()}`;
      const answer = await ask("POST", `/api/${USER_ID}/tasks`, { title });
      if (answer.status === 201) added.push(title);
      return answer;
    },
    ({ status }) => status === 201,
  ],
  chat: [3000, () => ask("POST", "/api/chat", chat, { accept: "application/json" }), ({ status }) => status === 200],
  signIn: [
    // The limit of attempts at an account begins anew with each attempt that it allows.
    65_000,
    () => ask("POST", "/api/auth/sign-in/email", { email: EMAIL, password: PASSWORD }, { cookie: "" }),
    ({ status }) => status === 200,
  ],
  page: [1000, () => ask("GET", "/sign-in", undefined, { cookie: "" }), ({ status }) => status === 200],
  // A stream may be cut short by a server that stops, but it says so by an event of its own.
  stream: [
    3000,
    () => ask("POST", "/api/chat", chat, { accept: "text/event-stream" }),
    ({ status, text }) => status === 200 && text.endsWith("data: [DONE]\n\n"),
  ],
};

for (const [what, [everyMs, send, isRight]] of Object.entries(WORK)) {
  counts[what] = 0;
  // One person waits for an answer before they ask again; the API takes three questions of one person at a time.
  let isWaiting = false;
  setInterval(async () => {
    if (isWaiting) return;
    isWaiting = true;
    const began = new Date().toISOString();
    try {
      const answer = await send();
      counts[what] += 1;
      if (!isRight(answer)) fail(what, began, `${answer.status} ${answer.text.slice(-300)}`);
    } catch (error) {
      fail(what, began, error.message);
    } finally {
      isWaiting = false;
    }
  }, everyMs);
}

function fail(what, began, why) {
  console.log(JSON.stringify({ failed: what, began, ended: new Date().toISOString(), why }));
}

setInterval(() => console.log(JSON.stringify({ counts, added: added.length })), 1000);
process.on("SIGTERM", () => process.exit(0));
