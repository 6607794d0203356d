import type { Page } from "@playwright/test";

/** What a tab holds, of what nothing can be taken back any more. */
export interface Held {
  /** Bytes of objects. */
  objects: number;
  /** Bytes of WebAssembly, which may grow and never shrinks. */
  wasm: number;
  /** Nodes of documents, also of those that were taken out of them and are still held. */
  nodes: number;
  listeners: number;
}

/** Asks the browser, after everything that nobody holds was collected. */
export async function held(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  // What a collection sets free may be what held something else.
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  const { usedSize: objects } = await session.send("Runtime.getHeapUsage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  const { result: prototype } = await session.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects: memories } = await session.send("Runtime.queryObjects", { prototypeObjectId: prototype.objectId! });
  const { result: wasm } = await session.send("Runtime.callFunctionOn", {
    objectId: memories.objectId,
    functionDeclaration: "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }",
    returnByValue: true,
  });
  await session.detach();
  return { objects, wasm: Number(wasm.value), nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}
