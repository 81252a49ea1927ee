import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeSmtpMail } from "./smtp-mail.ts";

/** The least that a mail server says; refuses one recipient. */
function converse(server: Server, received: string[]): void {
  server.on("connection", (socket) => {
    let isMessage = false;
    socket.on("error", () => undefined);
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 test");
    createInterface(socket).on("line", (line) => {
      if (isMessage) {
        if (line !== ".") return void received.push(line);
        isMessage = false;
        return say("250 taken");
      }
      if (line.startsWith("EHLO")) return say("250 test");
      if (line.startsWith("RCPT") && line.includes("gone@")) return say("550 mailbox unavailable");
      if (line === "STARTTLS") return say("502 not here");
      isMessage = line === "DATA";
      return say(isMessage ? "354 go on" : "250 ok");
    });
  });
}

let server: Server;
let received: string[];
let url: string;
beforeEach(async () => {
  received = [];
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  converse(server, received);
  url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void server.close());

test("a message reaches the server as it was written", async () => {
  const mail = makeSmtpMail({ url: `${url}?requireTLS=false`, from: "tillcast@example.com" });
  await mail.send({ to: "ada@example.com", subject: "Sales are down", text: "By 12 orders." });
  expect(received).toContain("From: tillcast@example.com");
  expect(received).toContain("To: ada@example.com");
  expect(received).toContain("Subject: Sales are down");
  expect(received).toContain("By 12 orders.");
});

test("a refusal is an error with the server's reason", async () => {
  const mail = makeSmtpMail({ url: `${url}?requireTLS=false`, from: "tillcast@example.com" });
  const sending = mail.send({ to: "gone@example.com", subject: "Hello", text: "?" });
  await expect(sending).rejects.toThrow("550 mailbox unavailable");
});

test("a server that offers no TLS gets nothing, unless the address allows it", async () => {
  const mail = makeSmtpMail({ url, from: "tillcast@example.com" });
  const sending = mail.send({ to: "ada@example.com", subject: "A link", text: "secret" });
  await expect(sending).rejects.toThrow(/TLS/);
  expect(received).toEqual([]);
});
