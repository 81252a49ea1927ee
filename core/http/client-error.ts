import { randomUUID } from "node:crypto";
import { maxHeaderSize, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type AppError, appError } from "../errors.ts";
import { problemContentType, toProblem } from "./problem.ts";

/**
 * Answers what Node's own parser refuses, before there is a request: headers without end, bytes that are no
 * HTTP, a request that does not arrive in time.
 */
export function answerClientError(fault: Error & { readonly code?: string }, socket: Socket): void {
  // A connection that the other side closed has nobody to answer.
  if (fault.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = errorOf(fault);
  const body = JSON.stringify(toProblem(error, randomUUID()));
  const { status } = error;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${problemContentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function errorOf({ code }: { readonly code?: string }): AppError {
  if (code === "HPE_HEADER_OVERFLOW") {
    return appError("headersTooLarge", { limit: `${maxHeaderSize} bytes` });
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return appError("requestTimeout");
  return appError("badRequest", { reason: "the bytes are no HTTP request" });
}
