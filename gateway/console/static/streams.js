"use strict";

// Answers that come in pieces, for GraphiQL: async iterables that end their request when GraphiQL has enough of them.

const SUBSCRIPTION = "text/event-stream";
const DEFERRED = "multipart/mixed, application/graphql-response+json";

async function* pieces(body, mark) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let unread = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const found = (unread + decoder.decode(value, { stream: true })).split(mark);
    unread = found.pop();
    yield* found;
  }
}

async function* events(body) {
  for await (const piece of pieces(body, "\n\n")) {
    if (piece.startsWith("event: complete")) return;
    const data = piece.split("\n").find((line) => line.startsWith("data: "));
    if (data) yield JSON.parse(data.slice("data: ".length));
  }
  throw new Error("The stream broke off: the gateway may have been restarted. Run the query again.");
}

async function* parts(body) {
  for await (const piece of pieces(body, "\r\n---")) {
    const payload = piece.split("\r\n\r\n")[1];
    if (payload) yield JSON.parse(payload);
  }
}

async function* payloads(answer) {
  const media = answer.headers.get("Content-Type");
  if (media.startsWith("text/event-stream")) yield* events(answer.body);
  else if (media.startsWith("multipart/mixed")) yield* parts(answer.body);
  else yield answer.json();
}

function streamed(send) {
  const request = new AbortController();
  async function* all() {
    try {
      yield* payloads(await send(request.signal));
    } catch (error) {
      if (!request.signal.aborted) throw error;
    }
  }
  const iterator = all();
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => iterator.next(),
      return: () => {
        request.abort();
        return iterator.return();
      },
    }),
  };
}

// What to accept for a query that is to come in pieces; nothing for one that is not.
function streamOf(query, operation) {
  if (operation === "subscription") return SUBSCRIPTION;
  return /@(defer|stream)\b/.test(query) ? DEFERRED : "";
}
