/** The values of a body that is one JSON value a line, each as soon as its line is whole. */
export async function* values<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line);
      if (done) break;
    }
    if (rest !== "") yield JSON.parse(rest);
  } finally {
    await reader.cancel().catch(() => undefined); // who stops reading early ends the answer
  }
}
